package io.loggos.api.node;

import io.loggos.api.Bytes;
import io.loggos.internal.options.OptionChecks;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Options that keep strangers out of a cluster, made by a {@link #builder}.
 *
 * <p>With TLS, nobody without a certificate of the cluster's reads, changes or sends anything. With a shared secret
 * alone, nobody who does not know it is taken for a node. Whoever can change what is on the wire between two nodes is
 * not stopped by the secret. With neither, everybody who reaches the port is taken for the node that he says he is. So a
 * node without both listens on a loopback address only, unless the network is trusted.
 *
 * @param tls the files for TLS between nodes; null for plain TCP
 * @param secrets the secrets of the cluster. The first is the one that this node proves to its peers, and of its peers
 *     it accepts each. Empty for none
 * @param trustedNetwork true if nobody reaches the port but the nodes of this cluster
 */
public record SecurityOptions(@Nullable TlsOptions tls, List<Bytes> secrets, boolean trustedNetwork) {
    /** The size of the shortest secret, in bytes. */
    public static final int LEAST_SECRET_BYTES = 16;

    public SecurityOptions {
        secrets = List.copyOf(secrets);
        new OptionChecks()
                .require(
                        secrets.stream().allMatch(secret -> secret.size() >= LEAST_SECRET_BYTES),
                        "a secret has at least " + LEAST_SECRET_BYTES + " bytes")
                .done();
    }

    /** Returns the options with all defaults: no TLS, no secret, and a network that is not trusted. */
    public static SecurityOptions defaults() {
        return builder().build();
    }

    /** Returns a builder that holds the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** True if a node can tell its peers from strangers. */
    public boolean provesPeers() {
        return tls != null || !secrets.isEmpty();
    }

    /** Names no secret. */
    @Override
    public String toString() {
        return "SecurityOptions[tls=" + tls + ", secrets=" + secrets.size() + ", trustedNetwork=" + trustedNetwork
                + "]";
    }

    /** Collects the options. Not safe for use by several threads. */
    public static final class Builder {
        private @Nullable TlsOptions tls;
        private List<Bytes> secrets = List.of();
        private boolean trustedNetwork;

        private Builder() {}

        /** Files for TLS between nodes, with a certificate at each end; by default none. */
        public Builder tls(TlsOptions files) {
            tls = files;
            return this;
        }

        /** Secret that all nodes of the cluster share, of at least 16 bytes; by default none. */
        public Builder secret(Bytes shared) {
            secrets = List.of(shared);
            return this;
        }

        /**
         * Secrets that all nodes of the cluster share, of at least 16 bytes each; by default none.
         *
         * <p>A secret is replaced without an outage in three rounds of restarts: the new one as the second, then as the
         * first, then alone.
         *
         * @param shared the first is proved to peers, and each is accepted of them
         */
        public Builder secrets(List<Bytes> shared) {
            secrets = shared;
            return this;
        }

        /** True if nobody reaches the port but the nodes of this cluster; by default false. */
        public Builder trustedNetwork(boolean trusted) {
            trustedNetwork = trusted;
            return this;
        }

        /**
         * Returns the checked options.
         *
         * @throws io.loggos.api.InvalidOptionsException listing everything that is wrong
         */
        public SecurityOptions build() {
            return new SecurityOptions(tls, secrets, trustedNetwork);
        }
    }
}
