package io.loggos.examples.server;

import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.loggos.api.Address;
import io.loggos.api.TransportException;
import io.loggos.api.kv.KeyValueStore;
import io.loggos.api.node.NodeStatus;
import io.loggos.examples.server.admin.AdminAccess;
import io.loggos.examples.server.admin.AdminService;
import io.loggos.examples.server.auth.AuthService;
import io.loggos.examples.server.auth.Tokens;
import io.loggos.examples.server.call.Admission;
import io.loggos.examples.server.call.AnswerRoom;
import io.loggos.examples.server.call.Answers;
import io.loggos.examples.server.call.Callers;
import io.loggos.examples.server.call.EventLoops;
import io.loggos.examples.server.call.LeaderRequired;
import io.loggos.examples.server.call.MalformedRequests;
import io.loggos.examples.server.call.OversizedRequests;
import io.loggos.examples.server.call.UnknownMethods;
import io.loggos.examples.server.etcd.ClusterService;
import io.loggos.examples.server.etcd.ElectionService;
import io.loggos.examples.server.etcd.Headers;
import io.loggos.examples.server.etcd.HealthService;
import io.loggos.examples.server.etcd.KvService;
import io.loggos.examples.server.etcd.LeaseService;
import io.loggos.examples.server.etcd.LockService;
import io.loggos.examples.server.etcd.MaintenanceService;
import io.loggos.examples.server.etcd.Members;
import io.loggos.examples.server.etcd.watch.WatchService;
import io.loggos.examples.server.http.HttpSide;
import io.loggos.examples.server.monitor.MonitorPages;
import io.loggos.multicast.grpc.guard.CertificateFiles;
import io.loggos.multicast.grpc.guard.ConnectionGuard;
import io.loggos.multicast.grpc.guard.TlsContexts;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The port for clients in front of a store: etcd's services, gRPC's health and reflection, Loggos' own services, and
 * HTTP/1.1 beside them.
 */
final class EtcdFront implements AutoCloseable {
    /** Largest number of calls on one connection; further calls of that client wait. */
    private static final int MAX_CALLS_PER_CONNECTION = 1024;
    /** Largest number of calls on all connections together; a further call is answered with "too many requests". */
    private static final int MAX_CALLS = 16 * 1024;
    /** Bytes of a message beyond the largest request, as in etcd: space for the fields around it. */
    private static final int MESSAGE_OVERHEAD_BYTES = 512 << 10;

    /** Largest number of connections, in all and from one address; further ones are closed at once. */
    private static final int MAX_CONNECTIONS = 8192;

    private static final int MAX_CONNECTIONS_FROM_ONE = 4096;
    /** Time in which a connection must have said what it is. */
    private static final long HANDSHAKE_SECONDS = 10;
    /** Time after which a connection without a call ends. A client connects again by itself. */
    private static final long IDLE_MINUTES = 10;
    /** Largest number of calls that a connection may cancel in a time. */
    private static final int MAX_RESETS = 5_000;

    private static final int RESETS_SECONDS = 10;
    /** Largest number of backups that are sent at a time. */
    private static final int MAX_BACKUPS = 4;

    private static final long CLOSE_SECONDS = 5;

    private final Server server;
    private final WatchService watches;
    private final AuthService auth;
    private final HttpSide http;
    private final EventLoops loops;
    private final ExecutorService large;
    private final ExecutorService backups;
    private final MalformedRequests malformed;
    private final String host;

    private EtcdFront(
            Server server,
            WatchService watches,
            AuthService auth,
            HttpSide http,
            EventLoops loops,
            ExecutorService large,
            ExecutorService backups,
            MalformedRequests malformed,
            String host) {
        this.server = server;
        this.watches = watches;
        this.auth = auth;
        this.http = http;
        this.loops = loops;
        this.large = large;
        this.backups = backups;
        this.malformed = malformed;
        this.host = host;
    }

    /**
     * Starts to listen.
     *
     * @param listen at least one address
     * @param maxRequestBytes the size of the largest request that changes the store
     * @param more further services of the node, for operators
     * @param pages pages of HTTP for machines that watch this server
     * @param certificates those of {@code security}; null without TLS
     * @throws TransportException if the address cannot be listened on
     */
    static EtcdFront open(
            List<Address> listen,
            int maxRequestBytes,
            KeyValueStore store,
            Supplier<NodeStatus> status,
            Members members,
            List<BindableService> more,
            MonitorPages pages,
            ClientSecurity security,
            @Nullable CertificateFiles certificates) {
        Tokens tokens = security.access().tokens(store.access()); // Before there is anything to close.
        EventLoops loops = new EventLoops();
        Admission admission = new Admission(MAX_CALLS);
        ExecutorService large = newExecutor();
        ExecutorService backups = newBackups();
        MalformedRequests malformed = new MalformedRequests();
        LeaderRequired leaderRequired = new LeaderRequired(store);
        Headers headers = new Headers(members, store);
        NettyServerBuilder builder = NettyServerBuilder.forAddress(socket(listen.get(0)))
                .maxInboundMessageSize(maxRequestBytes + MESSAGE_OVERHEAD_BYTES)
                .maxConcurrentCallsPerConnection(MAX_CALLS_PER_CONNECTION)
                .permitKeepAliveTime(1, TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(true)
                .handshakeTimeout(HANDSHAKE_SECONDS, TimeUnit.SECONDS)
                .maxConnectionIdle(IDLE_MINUTES, TimeUnit.MINUTES)
                .maxRstFramesPerWindow(MAX_RESETS, RESETS_SECONDS)
                .intercept(admission);
        listen.stream().skip(1).forEach(address -> builder.addListenAddress(socket(address)));
        OversizedRequests.keepFromLog();
        if (certificates != null) {
            builder.sslContext(TlsContexts.accepting(certificates, security.clientCertAuth(), certificate -> null));
        }
        Callers callers = new Callers(store, tokens, security.clientCertAuth());
        WatchService watches = new WatchService(store, callers, headers, WatchService.PROGRESS_EVERY);
        loops.every(WatchService.LOOK_EVERY, watches::lookForLeader);
        Answers answers = new Answers(loops, large, new AnswerRoom());
        AuthService auth = new AuthService(
                store, callers, headers, answers, tokens, security.access().bcryptCost());
        List<BindableService> services = List.of(
                watches,
                auth,
                new KvService(callers, headers, answers, maxRequestBytes),
                new LeaseService(store, callers, headers, answers),
                new LockService(callers, headers, answers),
                new ElectionService(store, callers, headers, answers),
                new ClusterService(members, headers),
                new MaintenanceService(store, members, headers, answers, backups));
        List<ServerServiceDefinition> etcd = services.stream()
                .map(service -> ServerInterceptors.interceptForward(service.bindService(), leaderRequired, callers))
                .toList();
        etcd.forEach(service -> builder.addService(malformed.keptFrom(service)));
        HealthService health = new HealthService(store);
        loops.every(WatchService.LOOK_EVERY, health::look);
        builder.addService(malformed.keptFrom(health.bindService()));
        builder.addService(ProtoReflectionServiceV1.newInstance());
        HttpSide http = new HttpSide(
                pages,
                large,
                etcd.stream()
                        .map(service -> ServerInterceptors.intercept(service, admission))
                        .toList(),
                maxRequestBytes + MESSAGE_OVERHEAD_BYTES,
                security.origins(),
                certificates == null ? null : TlsContexts.acceptingHttp(certificates, security.clientCertAuth()),
                HANDSHAKE_SECONDS);
        ConnectionGuard guard = new ConnectionGuard(
                "port for clients", MAX_CONNECTIONS, MAX_CONNECTIONS_FROM_ONE, certificates != null);
        loops.serve(builder, http.beside(guard.sockets()));
        AdminAccess access = new AdminAccess(security.adminNames(), security.adminSecret());
        List<BindableService> operators = new ArrayList<>(more);
        operators.add(new AdminService(store, status));
        operators.forEach(service ->
                builder.addService(malformed.keptFrom(ServerInterceptors.intercept(service.bindService(), access))));
        Server server = builder.fallbackHandlerRegistry(new UnknownMethods(names(services, operators)))
                .build();
        try {
            server.start();
        } catch (IOException e) {
            loops.close();
            large.shutdown();
            backups.shutdown();
            throw new TransportException("cannot listen for clients on " + texts(listen) + ": " + reason(e), e);
        }
        return new EtcdFront(
                server,
                watches,
                auth,
                http,
                loops,
                large,
                backups,
                malformed,
                listen.get(0).host());
    }

    private static InetSocketAddress socket(Address address) {
        return new InetSocketAddress(address.host(), address.port());
    }

    private static String texts(List<Address> addresses) {
        return addresses.stream().map(Address::toString).collect(Collectors.joining(", "));
    }

    private static Set<String> names(List<BindableService> services, List<BindableService> operators) {
        return Stream.concat(services.stream(), operators.stream())
                .map(service -> service.bindService().getServiceDescriptor().getName())
                .collect(Collectors.toSet());
    }

    /** Returns the first address it listens on. It contains the chosen port if port 0 was requested. */
    Address listening() {
        return new Address(host, server.getPort());
    }

    /** Returns the number of requests that could not be decoded. */
    long malformedRequests() {
        return malformed.count();
    }

    /** Refuses new calls, gives calls in progress a moment to finish, then ends them. */
    @Override
    public void close() {
        server.shutdown();
        http.leave();
        watches.close();
        try {
            http.close(CLOSE_SECONDS);
            if (!server.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                server.shutdownNow().awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            server.shutdownNow();
            Thread.currentThread().interrupt();
        } finally {
            auth.close();
            loops.close();
            large.shutdown();
            backups.shutdownNow();
        }
    }

    /** Returns threads for some backups at a time. Others wait. */
    private static ExecutorService newBackups() {
        ThreadPoolExecutor backups = new ThreadPoolExecutor(
                MAX_BACKUPS, MAX_BACKUPS, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "loggos-backup");
                    thread.setDaemon(true);
                    return thread;
                });
        backups.allowCoreThreadTimeOut(true);
        return backups;
    }

    private static ExecutorService newExecutor() {
        AtomicInteger number = new AtomicInteger();
        int threads = Math.max(2, Runtime.getRuntime().availableProcessors());
        return Executors.newFixedThreadPool(threads, task -> {
            Thread thread = new Thread(task, "loggos-etcd-large-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Returns the innermost cause, which has the message of the operating system. */
    private static String reason(Throwable failure) {
        Throwable innermost = failure;
        while (innermost.getCause() != null) {
            innermost = innermost.getCause();
        }
        return String.valueOf(innermost.getMessage());
    }
}
