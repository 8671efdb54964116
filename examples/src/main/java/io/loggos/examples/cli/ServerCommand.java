package io.loggos.examples.cli;

import io.loggos.api.TransportException;
import io.loggos.examples.cli.options.CommandFailure;
import io.loggos.examples.cli.options.LimitFlags;
import io.loggos.examples.cli.options.MemberFlags;
import io.loggos.examples.cli.options.ServerSettings;
import io.loggos.examples.cli.ports.PortHolder;
import io.loggos.examples.server.LoggosServer;
import io.loggos.examples.server.ServerOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code loggos server}: one member of a cluster, until it is told to stop. */
@Command(
        name = "server",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Runs one member of a cluster until SIGTERM or Ctrl-C.",
            "",
            "Prints one line that begins with 'ready' once the cluster has formed and has a leader; its log goes"
                    + " to stderr. A cluster forms when all its members have met once; from then on a majority"
                    + " suffices."
        },
        footer = {
            "",
            "The configuration file has lines 'name = value' with the names of the flags without dashes;"
                    + " --peer 2=host:port is 'peer.2 = host:port' there. A flag wins over the file."
        })
final class ServerCommand implements Callable<Integer> {
    /** Exit code of a server whose replica has halted. */
    static final int HALTED = 3;

    private static final long LOOK_MILLIS = 500;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Mixin
    private final MemberFlags member = new MemberFlags();

    @Option(
            names = "--listen-client",
            paramLabel = "HOST:PORT",
            description = "Where clients reach this one. Default: " + ServerSettings.DEFAULT_LISTEN_CLIENT)
    private @Nullable String listenClient;

    @Option(
            names = "--listen-client-urls",
            paramLabel = "URL,...",
            description = "The same as URLs, such as http://127.0.0.1:2379. They are https with --cert-file.")
    private @Nullable String listenClientUrls;

    @Option(
            names = "--advertise-client-urls",
            paramLabel = "URL,...",
            description = "Where clients are told to reach this one, in the list of members. Default: where it listens,"
                    + " unless that is every address of this machine")
    private @Nullable String advertiseClientUrls;

    @Option(
            names = "--client",
            paramLabel = "ID=HOST:PORT",
            description = "Where clients reach another member, for 'etcdctl member list' only.")
    private List<String> clients = List.of();

    @Option(names = "--cert-file", paramLabel = "FILE", description = "The certificate that clients see: TLS.")
    private @Nullable String certFile;

    @Option(names = "--key-file", paramLabel = "FILE", description = "The key of that certificate.")
    private @Nullable String keyFile;

    @Option(names = "--trusted-ca-file", paramLabel = "FILE", description = "Authorities of clients' certificates.")
    private @Nullable String trustedCaFile;

    @Option(names = "--client-cert-auth", description = "A client must show a certificate.")
    private boolean clientCertAuth;

    @Option(
            names = "--admin-cert-name",
            paramLabel = "NAME",
            description = "A name in the certificate of a client that may ask for status and snapshots.")
    private List<String> adminCertNames = List.of();

    @Option(
            names = "--admin-secret-file",
            paramLabel = "FILE",
            description = {
                "A secret whose bearer may ask for status and snapshots.",
                "With neither this nor --admin-cert-name, clients on this machine may."
            })
    private @Nullable String adminSecretFile;

    @Option(
            names = "--auth-token",
            paramLabel = "SPEC",
            description = {
                "Tokens of users: 'simple', or 'jwt,pub-key=FILE,priv-key=FILE,sign-method=RS256,ttl=5m'.",
                "Keys are PEM, PKCS #8 the private one; an HMAC has priv-key alone. Default: simple"
            })
    private @Nullable String authToken;

    @Option(
            names = "--auth-token-ttl",
            paramLabel = "SECONDS",
            description = "Time after which a simple token ends that is not used. Default: 300")
    private @Nullable String authTokenTtl;

    @Option(
            names = "--bcrypt-cost",
            paramLabel = "N",
            description = "Logarithm of the rounds for the hash of a password, 4 to 31. Default: 10")
    private @Nullable String bcryptCost;

    @Option(
            names = "--cors",
            paramLabel = "ORIGIN,...",
            description =
                    "Origins of pages in browsers that may read answers over HTTP; empty or '*' for any. Default: *")
    private @Nullable String cors;

    @Option(
            names = "--listen-metrics-urls",
            paramLabel = "URL,...",
            description = {
                "Where /metrics, /health, /livez and /readyz are, such as http://127.0.0.1:2381.",
                "With https, the certificate is that for clients."
            })
    private @Nullable String listenMetricsUrls;

    @Option(
            names = "--election-timeout",
            paramLabel = "TIME",
            description = "How long a member is silent before it is taken for failed. Default: 1s")
    private @Nullable String electionTimeout;

    @Option(
            names = "--request-timeout",
            paramLabel = "TIME",
            description = "How long a request waits for its outcome. Default: 5s and two election timeouts, as in etcd")
    private @Nullable String requestTimeout;

    @Option(
            names = "--snapshot-count",
            paramLabel = "N",
            description = "A checkpoint is taken each so many slots. Default: 100000")
    private @Nullable String snapshotCount;

    @Option(
            names = "--retained-slots",
            paramLabel = "N",
            description = "Chosen slots that stay in the log at least. Default: 1000")
    private @Nullable String retainedSlots;

    @Mixin
    private final LimitFlags limits = new LimitFlags();

    @Option(
            names = "--stay-when-halted",
            description = "Keeps running, and answering status requests, after the replica has halted. Without it the"
                    + " server ends with exit code " + HALTED + ", so that a supervisor starts it again.")
    private boolean stayWhenHalted;

    @Option(names = "--stop-at-end-of-input", hidden = true, description = "Ends when stdin does.")
    private boolean stopAtEndOfInput;

    @Override
    public Integer call() throws InterruptedException {
        LoggosServer server = open(options());
        Runtime.getRuntime().addShutdownHook(new Thread(server::close, "loggos-shutdown"));
        CompletableFuture<Void> unused = server.ready().thenRun(() -> tellReady(server));
        CompletableFuture<Integer> end = new CompletableFuture<>();
        if (stopAtEndOfInput) {
            Thread input = new Thread(() -> complete(end), "loggos-input");
            input.setDaemon(true);
            input.start();
        }
        return awaitEnd(server, end);
    }

    private void tellReady(LoggosServer server) {
        PrintWriter out = spec.commandLine().getOut();
        out.println("ready: clients on " + server.listeningForClients() + ", peers on " + server.listeningForPeers()
                + (server.listeningForMonitors().isEmpty() ? "" : ", metrics on ")
                + server.listeningForMonitors().stream().map(String::valueOf).collect(Collectors.joining(",")));
        out.flush();
    }

    /** Waits until the server has to end, and returns the exit code. */
    private int awaitEnd(LoggosServer server, CompletableFuture<Integer> end) throws InterruptedException {
        while (true) {
            try {
                return end.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                String halted = stayWhenHalted ? null : server.halted();
                if (halted != null) {
                    PrintWriter err = spec.commandLine().getErr();
                    err.println("loggos: halted, so this server ends: " + halted);
                    err.flush();
                    return HALTED;
                }
            } catch (ExecutionException e) {
                throw new CommandFailure("cannot read stdin: " + e.getCause(), e);
            }
        }
    }

    /** Opens the server. If an address cannot be listened on, names the process that has its port. */
    private static LoggosServer open(ServerOptions options) {
        try {
            return LoggosServer.open(options);
        } catch (TransportException e) {
            String text = String.valueOf(e.getMessage());
            String holder = Stream.concat(Stream.of(options.node().listen()), options.listenClients().stream())
                    .filter(address -> text.contains(address.toString()))
                    .findFirst()
                    .flatMap(address -> PortHolder.describe(address.port()))
                    .map(who -> "; in use by " + who)
                    .orElse("");
            throw new CommandFailure(text + holder, e);
        }
    }

    private ServerOptions options() {
        ServerSettings settings = member.settings();
        settings.flag("listen-client", listenClient);
        settings.flag("listen-client-urls", listenClientUrls);
        settings.flag("advertise-client-urls", advertiseClientUrls);
        settings.nodeFlags("client", clients);
        settings.flag("cert-file", certFile);
        settings.flag("key-file", keyFile);
        settings.flag("trusted-ca-file", trustedCaFile);
        settings.flag("client-cert-auth", clientCertAuth ? "true" : null);
        settings.flag("admin-cert-name", adminCertNames.isEmpty() ? null : String.join(",", adminCertNames));
        settings.flag("admin-secret-file", adminSecretFile);
        settings.flag("auth-token", authToken);
        settings.flag("auth-token-ttl", authTokenTtl);
        settings.flag("bcrypt-cost", bcryptCost);
        settings.flag("cors", cors);
        settings.flag("listen-metrics-urls", listenMetricsUrls);
        settings.flag("election-timeout", electionTimeout);
        settings.flag("request-timeout", requestTimeout);
        settings.flag("snapshot-count", snapshotCount);
        limits.into(settings);
        settings.flag("retained-slots", retainedSlots);
        return settings.toOptions();
    }

    private static void complete(CompletableFuture<Integer> end) {
        try {
            end.complete(awaitEndOf(System.in));
        } catch (UncheckedIOException e) {
            end.completeExceptionally(e);
        }
    }

    /**
     * Waits for the end of the input, and returns the exit code. The parent process holds the other end of the pipe, so
     * this process ends with it.
     */
    private static int awaitEndOf(InputStream input) {
        try {
            input.transferTo(OutputStream.nullOutputStream());
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
