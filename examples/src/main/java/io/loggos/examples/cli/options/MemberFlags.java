package io.loggos.examples.cli.options;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The flags that identify a member and its cluster. */
public final class MemberFlags {
    @Option(names = "--config", paramLabel = "FILE", description = "Reads settings of the server from this file.")
    private @Nullable Path config;

    @Option(names = "--id", paramLabel = "N", description = "This member's number, 1 to 65535. Required.")
    private @Nullable String id;

    @Option(names = "--data", paramLabel = "DIR", description = "The directory of this member alone. Required.")
    private @Nullable String data;

    @Option(
            names = "--cluster-id",
            paramLabel = "NAME",
            description =
                    "The name of the cluster, the same for all members. Default: " + ServerSettings.DEFAULT_CLUSTER_ID)
    private @Nullable String clusterId;

    @Option(
            names = "--listen-peer",
            paramLabel = "HOST:PORT",
            description = "Where other members reach this one. Default: " + ServerSettings.DEFAULT_LISTEN_PEER)
    private @Nullable String listenPeer;

    @Option(
            names = "--initial-advertise-peer-urls",
            paramLabel = "URL,...",
            description = "Where other members are told to reach this one, in the list of members. Default: where it"
                    + " listens")
    private @Nullable String advertisePeerUrls;

    @Option(
            names = "--peer",
            paramLabel = "ID=HOST:PORT",
            description = "Another member and where it is reached; once for each.")
    private List<String> peers = List.of();

    @Option(
            names = "--join",
            paramLabel = "voter|learner",
            description = {
                "Joins a running cluster, and asks the members of --peer for that; one is enough.",
                "A voter learns first, and votes once it has everything."
            })
    private @Nullable String join;

    @Option(
            names = "--replace",
            paramLabel = "ID",
            description =
                    "With --join voter: takes the place of this member. That may be its own id, after a lost disk.")
    private @Nullable String replace;

    @Option(
            names = "--peer-cert-file",
            paramLabel = "FILE",
            description = "This member's certificate for other members, which names node-ID or node-ID.DOMAIN: TLS.")
    private @Nullable String peerCertFile;

    @Option(names = "--peer-key-file", paramLabel = "FILE", description = "The key of that certificate.")
    private @Nullable String peerKeyFile;

    @Option(
            names = "--peer-trusted-ca-file",
            paramLabel = "FILE",
            description = "Authorities of the other members' certificates.")
    private @Nullable String peerTrustedCaFile;

    @Option(
            names = "--peer-secret-file",
            paramLabel = "FILE",
            description = "A line with a secret that all members share. Further lines are accepted too.")
    private @Nullable String peerSecretFile;

    @Option(
            names = "--trusted-network",
            description = "Listen beyond this machine though there is neither certificate nor secret.")
    private boolean trustedNetwork;

    /** Returns the settings of the file and of these flags; a flag overrides the file. */
    public ServerSettings settings() {
        ServerSettings settings = new ServerSettings();
        if (config != null) {
            settings.readFile(config);
        }
        settings.flag("id", id);
        settings.flag("data", data);
        settings.flag("cluster-id", clusterId);
        settings.flag("listen-peer", listenPeer);
        settings.flag("initial-advertise-peer-urls", advertisePeerUrls);
        settings.flag("peer-cert-file", peerCertFile);
        settings.flag("peer-key-file", peerKeyFile);
        settings.flag("peer-trusted-ca-file", peerTrustedCaFile);
        settings.flag("peer-secret-file", peerSecretFile);
        settings.flag("trusted-network", trustedNetwork ? "true" : null);
        settings.nodeFlags("peer", peers);
        settings.flag("join", join);
        settings.flag("replace", replace);
        return settings;
    }
}
