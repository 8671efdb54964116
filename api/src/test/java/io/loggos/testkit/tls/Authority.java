package io.loggos.testkit.tls;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import javax.security.auth.x500.X500Principal;

/** A certificate authority of a test. It writes certificates (RFC 5280) and keys as PEM files. */
public final class Authority {
    private static final byte[] ECDSA_WITH_SHA256 = oid(0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x02);
    private static final byte[] BASIC_CONSTRAINTS = oid(0x55, 0x1D, 0x13);
    private static final byte[] ALTERNATIVE_NAMES = oid(0x55, 0x1D, 0x11);
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

    private final Path directory;
    private final String name;
    private final KeyPair keys = newKeys();

    private Authority(Path directory, String name) {
        this.directory = directory;
        this.name = name;
    }

    /** Creates an authority whose files are in this directory. */
    public static Authority in(Path directory, String name) {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Authority authority = new Authority(directory, name);
        byte[] own = authority.certificate("CN=" + name, authority.keys, true, List.of(), Duration.ofDays(1));
        authority.write(authority.certificateFile(), "CERTIFICATE", own);
        return authority;
    }

    /** The authority's own certificate. */
    public Path certificateFile() {
        return directory.resolve(name + ".crt");
    }

    /** The certificate that {@link #issue} has written under this name. */
    public Path certificateFile(String file) {
        return directory.resolve(file + ".crt");
    }

    /** The key that {@link #issue} has written under this name. */
    public Path keyFile(String file) {
        return directory.resolve(file + ".key");
    }

    /** Issues a certificate with DNS names, and the address 127.0.0.1. A file of that name is replaced. */
    public Authority issue(String file, String... dnsNames) {
        return issue(file, Duration.ofDays(1), dnsNames);
    }

    /** Issues a certificate that ends after a time, which may be over. */
    public Authority issue(String file, Duration valid, String... dnsNames) {
        KeyPair issued = newKeys();
        byte[] certificate = certificate("CN=" + file, issued, false, List.of(dnsNames), valid);
        write(keyFile(file), "PRIVATE KEY", issued.getPrivate().getEncoded());
        write(certificateFile(file), "CERTIFICATE", certificate);
        return this;
    }

    private byte[] certificate(String subject, KeyPair of, boolean authority, List<String> dnsNames, Duration valid) {
        byte[] algorithm = sequence(ECDSA_WITH_SHA256);
        Instant now = Instant.now();
        byte[] body = sequence(
                der(0xA0, new byte[] {2, 1, 2}),
                der(
                        0x02,
                        new BigInteger(64, new SecureRandom())
                                .add(BigInteger.ONE)
                                .toByteArray()),
                algorithm,
                new X500Principal("CN=" + name).getEncoded(),
                sequence(time(now.minus(Duration.ofDays(2))), time(now.plus(valid))),
                new X500Principal(subject).getEncoded(),
                of.getPublic().getEncoded(),
                der(0xA3, sequence(authority ? constraints() : names(dnsNames))));
        try {
            Signature signing = Signature.getInstance("SHA256withECDSA");
            signing.initSign(keys.getPrivate());
            signing.update(body);
            byte[] bits = concat(new byte[] {0}, signing.sign());
            return sequence(body, algorithm, der(0x03, bits));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] constraints() {
        return sequence(BASIC_CONSTRAINTS, new byte[] {1, 1, (byte) 0xFF}, der(0x04, sequence(new byte[] {
            1, 1, (byte) 0xFF
        })));
    }

    private static byte[] names(List<String> dnsNames) {
        ByteArrayOutputStream names = new ByteArrayOutputStream();
        for (String dnsName : dnsNames) {
            names.writeBytes(der(0x82, dnsName.getBytes(StandardCharsets.US_ASCII)));
        }
        names.writeBytes(der(0x87, InetAddress.getLoopbackAddress().getAddress()));
        return sequence(ALTERNATIVE_NAMES, der(0x04, sequence(names.toByteArray())));
    }

    private static byte[] time(Instant instant) {
        return der(0x18, TIME.format(instant).getBytes(StandardCharsets.US_ASCII));
    }

    private static KeyPair newKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private void write(Path file, String label, byte[] content) {
        String text = "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content) + "\n-----END " + label
                + "-----\n";
        try {
            Path next = Files.createTempFile(directory, "next", ".pem");
            Files.writeString(next, text);
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] oid(int... content) {
        byte[] bytes = new byte[content.length];
        for (int i = 0; i < content.length; i++) {
            bytes[i] = (byte) content[i];
        }
        return der(0x06, bytes);
    }

    private static byte[] sequence(byte[]... parts) {
        return der(0x30, concat(parts));
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
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
}
