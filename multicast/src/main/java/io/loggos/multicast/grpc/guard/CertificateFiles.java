package io.loggos.multicast.grpc.guard;

import io.loggos.api.InvalidOptionsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A certificate, its key and the trusted authorities, in files that may be replaced at any time.
 *
 * <p>Each handshake asks for the present ones. If a file has another stamp than when it was read, all are read again.
 * Files that do not fit together are reported, and the last that did are used. Any thread.
 */
public final class CertificateFiles {
    private static final Logger LOGGER = LoggerFactory.getLogger(CertificateFiles.class);

    /** Content of the files when they were read. */
    record Material(
            long version, @Nullable PrivateKey key, List<X509Certificate> chain, X509ExtendedTrustManager trust) {}

    private final @Nullable Path certificateFile;
    private final @Nullable Path keyFile;
    private final @Nullable Path trustedCaFile;

    private String stamp;
    private Material present;
    private Material before;

    private CertificateFiles(
            @Nullable Path certificateFile, @Nullable Path keyFile, @Nullable Path trustedCaFile, Material material) {
        this.certificateFile = certificateFile;
        this.keyFile = keyFile;
        this.trustedCaFile = trustedCaFile;
        this.stamp = stamp();
        this.present = material;
        this.before = material;
    }

    /**
     * Reads the files.
     *
     * @param certificateFile with {@code keyFile}; null if this end shows no certificate
     * @param trustedCaFile null for the authorities that this Java trusts
     * @throws InvalidOptionsException if they cannot be used, with the reason
     */
    public static CertificateFiles open(
            @Nullable Path certificateFile, @Nullable Path keyFile, @Nullable Path trustedCaFile) {
        return new CertificateFiles(
                certificateFile, keyFile, trustedCaFile, read(1, certificateFile, keyFile, trustedCaFile));
    }

    /** Returns the certificate of this end, or null if it shows none. */
    public @Nullable X509Certificate certificate() {
        List<X509Certificate> chain = present().chain();
        return chain.isEmpty() ? null : chain.get(0);
    }

    /** Returns what the files hold now, or held when they last fitted together. */
    synchronized Material present() {
        String now = stamp();
        if (!now.equals(stamp)) {
            stamp = now;
            try {
                Material next = read(present.version() + 1, certificateFile, keyFile, trustedCaFile);
                before = present;
                present = next;
                LOGGER.info("the certificate in {} was read again", certificateFile);
            } catch (InvalidOptionsException e) {
                LOGGER.warn("the last good certificate stays in use: {}", e.getMessage());
            }
        }
        return present;
    }

    /** Returns the material of a version that a handshake has begun with. */
    synchronized @Nullable Material version(long version) {
        if (present.version() == version) {
            return present;
        }
        return before.version() == version ? before : null;
    }

    private String stamp() {
        StringBuilder text = new StringBuilder();
        for (Path file : new @Nullable Path[] {certificateFile, keyFile, trustedCaFile}) {
            try {
                if (file != null) {
                    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
                    text.append(attributes.lastModifiedTime().toMillis())
                            .append(' ')
                            .append(attributes.size())
                            .append(' ')
                            .append(attributes.fileKey());
                }
            } catch (IOException e) {
                text.append("none");
            }
            text.append(';');
        }
        return text.toString();
    }

    private static Material read(
            long version, @Nullable Path certificateFile, @Nullable Path keyFile, @Nullable Path trustedCaFile) {
        List<X509Certificate> chain = new ArrayList<>();
        PrivateKey key = null;
        Path file = certificateFile;
        try {
            if (certificateFile != null && keyFile != null) {
                chain.addAll(PemFiles.certificates(certificateFile));
                file = keyFile;
                key = PemFiles.key(keyFile, chain.get(0));
            }
            file = trustedCaFile;
            return new Material(version, key, List.copyOf(chain), trust(trustedCaFile));
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            throw new InvalidOptionsException(List.of("cannot use " + file + ": "
                    + (e instanceof IOException ? e.toString() : String.valueOf(e.getMessage()))));
        }
    }

    private static X509ExtendedTrustManager trust(@Nullable Path file) throws IOException, GeneralSecurityException {
        KeyStore authorities = null;
        if (file != null) {
            authorities = KeyStore.getInstance(KeyStore.getDefaultType());
            authorities.load(null, null);
            int number = 0;
            for (X509Certificate certificate : PemFiles.certificates(file)) {
                authorities.setCertificateEntry("authority " + ++number, certificate);
            }
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(authorities);
        for (TrustManager each : factory.getTrustManagers()) {
            if (each instanceof X509ExtendedTrustManager trust) {
                return trust;
            }
        }
        throw new GeneralSecurityException("this Java has no trust manager for X.509");
    }
}
