package io.loggos.examples.server;

import io.loggos.api.Address;
import io.loggos.api.Bytes;
import io.loggos.api.InvalidOptionsException;
import io.loggos.examples.server.auth.AccessOptions;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Options that keep strangers from the port for clients. All files are PEM, and may be replaced at any time.
 *
 * @param certFile the server's certificate; null for plaintext
 * @param keyFile the key of that certificate
 * @param trustedCaFile the authorities of clients' certificates; null if clients show none
 * @param clientCertAuth true if a client must show a certificate
 * @param adminNames names in certificates of clients that may ask for status and snapshots
 * @param adminSecret a secret whose bearer may do so too; null for none
 * @param trustedNetwork true if plaintext may leave this machine
 * @param origins origins of pages that may read answers over HTTP; none, or {@code *}, for any
 * @param access how users are recognized, where access control is on
 */
public record ClientSecurity(
        @Nullable Path certFile,
        @Nullable Path keyFile,
        @Nullable Path trustedCaFile,
        boolean clientCertAuth,
        Set<String> adminNames,
        @Nullable Bytes adminSecret,
        boolean trustedNetwork,
        Set<String> origins,
        AccessOptions access) {
    /** Plaintext, on this machine only, and so for status and snapshots. */
    public static final ClientSecurity NONE =
            new ClientSecurity(null, null, null, false, Set.of(), null, false, Set.of("*"), AccessOptions.USUAL);

    public ClientSecurity {
        adminNames = Set.copyOf(adminNames);
        origins = Set.copyOf(origins);
        List<String> problems = new ArrayList<>();
        if ((certFile == null) != (keyFile == null)) {
            problems.add("cert-file and key-file belong together");
        }
        if (certFile == null && (trustedCaFile != null || clientCertAuth)) {
            problems.add("trusted-ca-file and client-cert-auth need cert-file");
        }
        if (clientCertAuth && trustedCaFile == null) {
            problems.add("client-cert-auth needs trusted-ca-file");
        }
        if (!adminNames.isEmpty() && !clientCertAuth) {
            problems.add("admin-cert-name needs client-cert-auth");
        }
        if (!problems.isEmpty()) {
            throw new InvalidOptionsException(problems);
        }
    }

    /** Names no secret. */
    @Override
    public String toString() {
        return "ClientSecurity[certFile=" + certFile + ", trustedCaFile=" + trustedCaFile + ", clientCertAuth="
                + clientCertAuth + ", adminNames=" + adminNames + "]";
    }

    boolean usesTls() {
        return certFile != null;
    }

    /** Refuses plaintext on an address beyond this machine, unless the network is trusted. */
    void check(Address listen) {
        InetSocketAddress address = new InetSocketAddress(listen.host(), listen.port());
        if (!usesTls()
                && !trustedNetwork
                && !address.isUnresolved()
                && !address.getAddress().isLoopbackAddress()) {
            throw new InvalidOptionsException(List.of("clients on " + listen
                    + " would speak plaintext beyond this machine: give --cert-file and --key-file, or say"
                    + " --trusted-network"));
        }
    }
}
