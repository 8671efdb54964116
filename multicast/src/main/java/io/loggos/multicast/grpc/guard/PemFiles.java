package io.loggos.multicast.grpc.guard;

import io.loggos.api.Bytes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads certificates and private keys from PEM files (RFC 7468). */
final class PemFiles {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----\\s*([A-Za-z0-9+/=\\s]*)-----END \\1-----");
    private static final byte[] DER_ZERO = {2, 1, 0};
    private static final int DER_SEQUENCE = 0x30;
    private static final int DER_OCTETS = 0x04;

    private record Block(String label, Bytes der) {
        byte[] content() {
            return der.toByteArray();
        }
    }

    private PemFiles() {}

    /** Reads all certificates of a file, at least one. */
    static List<X509Certificate> certificates(Path file) throws IOException, GeneralSecurityException {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        List<X509Certificate> certificates = new ArrayList<>();
        for (Block block : blocks(file)) {
            if (block.label.endsWith("CERTIFICATE")) {
                Certificate certificate = factory.generateCertificate(new ByteArrayInputStream(block.content()));
                certificates.add((X509Certificate) certificate);
            }
        }
        if (certificates.isEmpty()) {
            throw new GeneralSecurityException("there is no certificate in it");
        }
        return certificates;
    }

    /** Reads the private key of a certificate: PKCS #8, or the older forms of RSA and elliptic curves. */
    static PrivateKey key(Path file, X509Certificate certificate) throws IOException, GeneralSecurityException {
        PublicKey other = certificate.getPublicKey();
        for (Block block : blocks(file)) {
            if (block.label.equals("ENCRYPTED PRIVATE KEY")) {
                throw new GeneralSecurityException("the key is encrypted");
            }
            if (block.label.endsWith("PRIVATE KEY")) {
                byte[] pkcs8 = block.label.equals("PRIVATE KEY") ? block.content() : wrapped(block.content(), other);
                PrivateKey key =
                        KeyFactory.getInstance(other.getAlgorithm()).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
                if (!isPair(key, other)) {
                    throw new GeneralSecurityException("the key belongs to another certificate");
                }
                return key;
            }
        }
        throw new GeneralSecurityException("there is no private key in it");
    }

    private static boolean isPair(PrivateKey key, PublicKey other) throws GeneralSecurityException {
        String algorithm = switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> key.getAlgorithm();
        };
        byte[] text = new byte[32];
        new SecureRandom().nextBytes(text);
        Signature signing = Signature.getInstance(algorithm);
        signing.initSign(key);
        signing.update(text);
        byte[] signature = signing.sign();
        Signature verifying = Signature.getInstance(algorithm);
        verifying.initVerify(other);
        verifying.update(text);
        return verifying.verify(signature);
    }

    /** Returns a key in PKCS #8. Its algorithm is that of the certificate's public key. */
    private static byte[] wrapped(byte[] key, PublicKey other) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        content.writeBytes(DER_ZERO);
        content.writeBytes(algorithm(other.getEncoded()));
        content.writeBytes(der(DER_OCTETS, key));
        return der(DER_SEQUENCE, content.toByteArray());
    }

    /** Returns the first element within a sequence, which names the algorithm of a public key (RFC 5280, 4.1). */
    private static byte[] algorithm(byte[] publicKey) {
        int begin = headerBytes(publicKey, 0);
        int size = headerBytes(publicKey, begin) + contentBytes(publicKey, begin);
        byte[] element = new byte[size];
        System.arraycopy(publicKey, begin, element, 0, size);
        return element;
    }

    private static int headerBytes(byte[] der, int at) {
        int first = der[at + 1] & 0xFF;
        return first < 0x80 ? 2 : 2 + (first & 0x7F);
    }

    private static int contentBytes(byte[] der, int at) {
        int first = der[at + 1] & 0xFF;
        int size = first < 0x80 ? first : 0;
        for (int i = 0; first >= 0x80 && i < (first & 0x7F); i++) {
            size = (size << 8) | (der[at + 2 + i] & 0xFF);
        }
        return size;
    }

    private static byte[] der(int tag, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (content.length < 0x80) {
            out.write(content.length);
        } else if (content.length < 0x100) {
            out.write(0x81);
            out.write(content.length);
        } else {
            out.write(0x82);
            out.write(content.length >> 8);
            out.write(content.length);
        }
        out.writeBytes(content);
        return out.toByteArray();
    }

    private static List<Block> blocks(Path file) throws IOException, GeneralSecurityException {
        Matcher matcher = BLOCK.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
        List<Block> blocks = new ArrayList<>();
        try {
            while (matcher.find()) {
                blocks.add(new Block(
                        matcher.group(1), Bytes.wrap(Base64.getMimeDecoder().decode(matcher.group(2)))));
            }
        } catch (IllegalArgumentException e) {
            throw new GeneralSecurityException("it is not PEM: " + e.getMessage(), e);
        }
        return blocks;
    }
}
