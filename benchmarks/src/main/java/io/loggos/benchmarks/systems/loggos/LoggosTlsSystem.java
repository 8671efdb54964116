package io.loggos.benchmarks.systems.loggos;

import io.loggos.api.OverloadedException;
import io.loggos.api.node.SecurityOptions;
import io.loggos.api.node.TlsOptions;
import io.loggos.api.replica.ReplicaOptions;
import io.loggos.benchmarks.harness.report.Subject;
import io.loggos.benchmarks.systems.consensus.ReplicatedSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;

/** Three nodes of Loggos in this JVM, with TLS between them. */
public final class LoggosTlsSystem implements ReplicatedSystem {
    private static final String PASSWORD = "benchmark";
    private static final String NAMES = "san=dns:node-1,dns:node-2,dns:node-3";

    @Override
    public Subject subject() {
        return Subject.loggos("loggos-tls", "Loggos, TLS", "synced in RocksDB on a majority of three stores");
    }

    @Override
    public boolean refuses(Throwable failure) {
        return failure instanceof OverloadedException;
    }

    @Override
    public LoggosCluster open(Path directory) {
        SecurityOptions security =
                SecurityOptions.builder().tls(certificate(directory)).build();
        return LoggosCluster.open(directory, ReplicaOptions.defaults(), builder -> builder.security(security));
    }

    /** Makes one certificate for all three nodes, which is its own authority. */
    private static TlsOptions certificate(Path directory) {
        Path store = directory.resolve("certificate.p12");
        Path certificate = directory.resolve("certificate.pem");
        Path key = directory.resolve("key.pem");
        try {
            Files.createDirectories(directory);
            Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
            Process process = new ProcessBuilder(List.of(
                            keytool.toString(),
                            "-genkeypair",
                            "-alias",
                            "node",
                            "-keyalg",
                            "EC",
                            "-groupname",
                            "secp256r1",
                            "-dname",
                            "CN=benchmark",
                            "-ext",
                            NAMES,
                            "-storetype",
                            "PKCS12",
                            "-keystore",
                            store.toString(),
                            "-storepass",
                            PASSWORD))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (process.onExit().join().exitValue() != 0) {
                throw new IllegalStateException("keytool cannot make a certificate");
            }
            KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
            write(certificate, "CERTIFICATE", keys.getCertificate("node").getEncoded());
            write(
                    key,
                    "PRIVATE KEY",
                    keys.getKey("node", PASSWORD.toCharArray()).getEncoded());
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("no certificate for the benchmark", e);
        }
        return new TlsOptions(certificate, key, certificate);
    }

    private static void write(Path file, String label, byte[] content) throws IOException {
        String text = Base64.getMimeEncoder().encodeToString(content);
        Files.writeString(file, "-----BEGIN " + label + "-----\n" + text + "\n-----END " + label + "-----\n");
    }
}
