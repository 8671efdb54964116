package io.loggos.examples.server;

import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.loggos.api.Address;
import io.loggos.api.TransportException;
import io.loggos.api.kv.KeyValueStore;
import io.loggos.api.member.MemberChange;
import io.loggos.api.node.NodeStatus;
import io.loggos.examples.server.admin.AdminAccess;
import io.loggos.examples.server.admin.AdminService;
import io.loggos.examples.server.call.Admission;
import io.loggos.examples.server.call.AnswerRoom;
import io.loggos.examples.server.call.Answers;
import io.loggos.examples.server.call.EventLoops;
import io.loggos.examples.server.call.LeaderRequired;
import io.loggos.examples.server.call.MalformedRequests;
import io.loggos.examples.server.etcd.ClusterService;
import io.loggos.examples.server.etcd.ElectionService;
import io.loggos.examples.server.etcd.Headers;
import io.loggos.examples.server.etcd.HealthService;
import io.loggos.examples.server.etcd.KvService;
import io.loggos.examples.server.etcd.LeaseService;
import io.loggos.examples.server.etcd.LockService;
import io.loggos.examples.server.etcd.MaintenanceService;
import io.loggos.examples.server.etcd.Members;
import io.loggos.examples.server.etcd.RequestChecks;
import io.loggos.examples.server.etcd.watch.WatchService;
import io.loggos.multicast.grpc.guard.CertificateFiles;
import io.loggos.multicast.grpc.guard.ConnectionGuard;
import io.loggos.multicast.grpc.guard.TlsContexts;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The gRPC server in front of a store: etcd's services, gRPC's health service and Loggos' own status service. */
final class EtcdFront implements AutoCloseable {
    /** Largest number of calls on one connection; further calls of that client wait. */
    private static final int MAX_CALLS_PER_CONNECTION = 1024;
    /** Largest number of calls on all connections together; a further call is answered with "too many requests". */
    private static final int MAX_CALLS = 16 * 1024;
    /** Largest message, as in etcd: the largest request, and space for the fields around it. */
    private static final int MAX_MESSAGE_BYTES = RequestChecks.MAX_REQUEST_BYTES + (512 << 10);

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
    private static final long CLOSE_SECONDS = 5;

    private final Server server;
    private final WatchService watches;
    private final EventLoops loops;
    private final ExecutorService large;
    private final MalformedRequests malformed;
    private final String host;

    private EtcdFront(
            Server server,
            WatchService watches,
            EventLoops loops,
            ExecutorService large,
            MalformedRequests malformed,
            String host) {
        this.server = server;
        this.watches = watches;
        this.loops = loops;
        this.large = large;
        this.malformed = malformed;
        this.host = host;
    }

    /**
     * Starts to listen.
     *
     * @param changes makes a change of the members, and ends once it is complete
     * @param more further services of the node, for operators
     * @param certificates those of {@code security}; null without TLS
     * @throws TransportException if the address cannot be listened on
     */
    static EtcdFront open(
            Address listen,
            KeyValueStore store,
            Supplier<NodeStatus> status,
            Members members,
            Function<MemberChange, CompletableFuture<?>> changes,
            List<BindableService> more,
            ClientSecurity security,
            @Nullable CertificateFiles certificates) {
        EventLoops loops = new EventLoops();
        ExecutorService large = newExecutor();
        MalformedRequests malformed = new MalformedRequests();
        LeaderRequired leaderRequired = new LeaderRequired(store);
        Headers headers = new Headers(members, store);
        NettyServerBuilder builder = NettyServerBuilder.forAddress(new InetSocketAddress(listen.host(), listen.port()))
                .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                .maxConcurrentCallsPerConnection(MAX_CALLS_PER_CONNECTION)
                .permitKeepAliveTime(1, TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(true)
                .handshakeTimeout(HANDSHAKE_SECONDS, TimeUnit.SECONDS)
                .maxConnectionIdle(IDLE_MINUTES, TimeUnit.MINUTES)
                .maxRstFramesPerWindow(MAX_RESETS, RESETS_SECONDS)
                .intercept(new Admission(MAX_CALLS));
        loops.serve(
                builder,
                new ConnectionGuard(
                        "port for clients", MAX_CONNECTIONS, MAX_CONNECTIONS_FROM_ONE, certificates != null));
        if (certificates != null) {
            builder.sslContext(TlsContexts.accepting(certificates, security.clientCertAuth(), certificate -> null));
        }
        WatchService watches = new WatchService(store, headers, WatchService.PROGRESS_EVERY);
        loops.every(WatchService.LOOK_EVERY, watches::lookForLeader);
        Answers answers = new Answers(loops, large, new AnswerRoom());
        List<BindableService> services = List.of(
                watches,
                new KvService(store, headers, answers),
                new LeaseService(store, headers, answers),
                new LockService(store, headers, answers),
                new ElectionService(store, headers, answers),
                new ClusterService(members, headers, changes),
                new MaintenanceService(store, members, headers));
        services.forEach(service -> builder.addService(
                malformed.keptFrom(ServerInterceptors.intercept(service.bindService(), leaderRequired))));
        builder.addService(malformed.keptFrom(new HealthService(store).bindService()));
        AdminAccess access = new AdminAccess(security.adminNames(), security.adminSecret());
        List<BindableService> operators = new ArrayList<>(more);
        operators.add(new AdminService(store, status));
        operators.forEach(service ->
                builder.addService(malformed.keptFrom(ServerInterceptors.intercept(service.bindService(), access))));
        Server server = builder.build();
        try {
            server.start();
        } catch (IOException e) {
            loops.close();
            large.shutdown();
            throw new TransportException("cannot listen for clients on " + listen + ": " + reason(e), e);
        }
        return new EtcdFront(server, watches, loops, large, malformed, listen.host());
    }

    /** Returns the address it listens on. It contains the chosen port if port 0 was requested. */
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
        watches.close();
        try {
            if (!server.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                server.shutdownNow().awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            server.shutdownNow();
            Thread.currentThread().interrupt();
        } finally {
            loops.close();
            large.shutdown();
        }
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
