package io.loggos.examples.server;

import io.loggos.api.Address;
import io.loggos.api.NodeId;
import io.loggos.api.kv.KeyValueStore;
import io.loggos.api.member.Member;
import io.loggos.api.node.Node;
import io.loggos.examples.server.admin.LogService;
import io.loggos.examples.server.admin.SnapshotService;
import io.loggos.examples.server.compaction.AutoCompaction;
import io.loggos.examples.server.etcd.MaintenanceService;
import io.loggos.examples.server.etcd.Members;
import io.loggos.examples.server.monitor.Health;
import io.loggos.examples.server.monitor.Measurements;
import io.loggos.examples.server.monitor.MonitorFront;
import io.loggos.examples.server.monitor.MonitorPages;
import io.loggos.examples.server.monitor.MonitorUrl;
import io.loggos.multicast.grpc.guard.CertificateFiles;
import io.loggos.multicast.grpc.guard.TlsContexts;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One member of a key-value cluster: a node, its replica of the store, and the etcd protocol in front. */
public final class LoggosServer implements AutoCloseable {
    /** Version of this server. */
    public static final String VERSION = "0.1.0";

    /** The name of the log that holds the store. */
    public static final String LOG_NAME = "kv";

    private static final Duration FOREVER = Duration.ofSeconds(Long.MAX_VALUE);

    private final Node node;
    private final KeyValueStore store;
    private final EtcdFront front;
    private final SnapshotService snapshots;
    private final AutoCompaction compaction;
    private final Monitor monitor;

    /** The answers to machines that watch this server. It begins before the server and ends after it. */
    private record Monitor(Health health, Measurements measurements, MonitorPages pages, MonitorFront front)
            implements AutoCloseable {
        static Monitor open(ServerOptions options, @Nullable CertificateFiles certificates) {
            Health health = new Health(options.replica().requestTimeout());
            Measurements measurements = new Measurements(options.node().dataDirectory(), VERSION);
            MonitorPages pages = new MonitorPages(health, measurements::text, MaintenanceService.PROTOCOL_VERSION);
            try {
                return new Monitor(
                        health,
                        measurements,
                        pages,
                        MonitorFront.open(
                                options.monitor(),
                                certificates == null ? null : TlsContexts.accepting(certificates),
                                options.security().clientCertAuth(),
                                pages));
            } catch (RuntimeException | Error failure) {
                measurements.close();
                throw failure;
            }
        }

        @Override
        public void close() {
            front.close();
            measurements.close();
        }
    }

    private LoggosServer(
            Node node,
            KeyValueStore store,
            EtcdFront front,
            SnapshotService snapshots,
            AutoCompaction compaction,
            Monitor monitor) {
        this.compaction = compaction;
        this.monitor = monitor;
        this.node = node;
        this.store = store;
        this.front = front;
        this.snapshots = snapshots;
    }

    /**
     * Opens the data directory, joins the cluster and listens for clients.
     *
     * @throws io.loggos.api.InvalidOptionsException if a certificate cannot be used, or strangers could reach a port
     * @throws io.loggos.api.StorageException if the data directory cannot be used
     * @throws io.loggos.api.TransportException if one of the two addresses cannot be listened on
     */
    public static LoggosServer open(ServerOptions options) {
        options.listenClients().forEach(options.security()::check);
        options.monitor()
                .forEach(url -> url.check(
                        options.security().usesTls(), options.security().trustedNetwork()));
        CertificateFiles certificates = certificates(options.security());
        Monitor monitor = Monitor.open(options, certificates);
        try {
            return open(options, certificates, monitor);
        } catch (RuntimeException | Error failure) {
            monitor.close();
            throw failure;
        }
    }

    private static LoggosServer open(ServerOptions options, @Nullable CertificateFiles certificates, Monitor monitor) {
        Node node = options.node().toBuilder()
                .meters(monitor.measurements().meters())
                .open();
        try {
            long member = Members.number(options.node().clusterId(), node.id());
            KeyValueStore store = node.keyValueStore(
                    LOG_NAME, options.replica(), options.limits().store().forMember(member));
            SnapshotService snapshots =
                    new SnapshotService(node, options.node().dataDirectory().resolve("exports"));
            EtcdFront front = EtcdFront.open(
                    options.listenClients(),
                    options.limits().maxRequestBytes(),
                    store,
                    node::status,
                    members(options, node),
                    change -> node.changeMembers(node.members().number(), List.of(change)),
                    List.of(snapshots, new LogService(node, LOG_NAME)),
                    monitor.pages(),
                    options.security(),
                    certificates);
            monitor.measurements().etcd(store, MaintenanceService.PROTOCOL_VERSION);
            monitor.health().opened(store, node::status);
            AutoCompaction compaction =
                    AutoCompaction.start(store, options.limits().compaction());
            return new LoggosServer(node, store, front, snapshots, compaction, monitor);
        } catch (RuntimeException | Error failure) {
            node.close();
            throw failure;
        }
    }

    /** Returns the address for peers. */
    public Address listeningForPeers() {
        return node.listening();
    }

    /** Returns the address for clients. */
    public Address listeningForClients() {
        return front.listening();
    }

    /** A future that completes once the cluster has formed and a leader is known, so that clients are answered. */
    public CompletableFuture<Void> ready() {
        return node.ready()
                .thenCompose(formed -> store.replica().awaitLeader(FOREVER))
                .thenAccept(leader -> {});
    }

    /** Returns the addresses for measurements and health. */
    public List<MonitorUrl> listeningForMonitors() {
        return monitor.front().listening();
    }

    /** Returns the reason why the replica of the store has halted, or null. */
    public @Nullable String halted() {
        return store.replica().status().halted();
    }

    /** Stops answering clients, then closes the node. */
    @Override
    public void close() {
        monitor.health().stopping();
        compaction.close();
        front.close();
        snapshots.close();
        store.close();
        node.close();
        monitor.close();
    }

    /** Reads the certificate before anything is opened; null without TLS. */
    private static @Nullable CertificateFiles certificates(ClientSecurity security) {
        return security.usesTls()
                ? CertificateFiles.open(security.certFile(), security.keyFile(), security.trustedCaFile())
                : null;
    }

    private static Members members(ServerOptions options, Node node) {
        boolean tls = options.node().security().tls() != null;
        TreeMap<NodeId, List<String>> clients = new TreeMap<>();
        boolean clientTls = options.security().usesTls();
        options.clients().forEach((id, address) -> clients.put(id, Advertised.urls(clientTls, address)));
        clients.put(
                node.id(),
                options.advertised().clients(clientTls, options.listenClients().get(0)));
        String cluster = options.node().clusterId();
        return new Members(
                cluster,
                node.id(),
                () -> node.members().members().stream()
                        .map(member -> new Members.Member(
                                Members.number(cluster, member.id()),
                                member.id(),
                                member.id().equals(node.id())
                                        ? options.advertised().peers(tls, node.listening())
                                        : member.address().isEmpty()
                                                ? List.of()
                                                : Advertised.urls(tls, Address.parse(member.address())),
                                clients.getOrDefault(member.id(), List.of()),
                                member.role() != Member.Role.VOTER))
                        .toList());
    }
}
