package io.loggos.multicast.grpc;

import io.grpc.Attributes;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.epoll.Epoll;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollIoHandler;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.loggos.api.Address;
import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.TransportException;
import io.loggos.api.node.SecurityOptions;
import io.loggos.api.node.TransportOptions;
import io.loggos.api.spi.Meters;
import io.loggos.api.spi.Transport;
import io.loggos.multicast.grpc.guard.ConnectionGuard;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Transport over gRPC calls, on TLS 1.3 or on plain TCP.
 *
 * <p>Frames are handled on gRPC's I/O threads, so a listener must not block in anything but
 * {@link Transport.Listener#requested}. Retries, proxies, compression and service-config look-ups of gRPC are off. The
 * links reach a peer again by themselves, on a new channel.
 */
public final class GrpcTransport implements Transport {
    private static final int IO_THREADS = 2;
    /** True if epoll is there. Waking a thread that waits for epoll costs three system calls less than with NIO. */
    private static final boolean EPOLL = Epoll.isAvailable();

    private static final int BULK_THREADS = 2;
    private static final int BULK_QUEUE = 32;
    /** Connections of strangers that fit beside those of the peers: in all, and from one address. */
    private static final int MOST_STRANGERS = 64;

    private static final int MOST_STRANGERS_FROM_ONE = 16;
    /** Connections that a peer may have at a time: two for its link, one for bulk, and one that is being closed. */
    private static final int CONNECTIONS_PER_PEER = 4;

    private static final int HANDSHAKE_SECONDS = 5;
    private static final int IDLE_SECONDS = 60;
    private static final int MOST_RESETS = 200;
    private static final int RESETS_SECONDS = 10;
    private static final int KEEP_ALIVE_SECONDS = 30;
    private static final long GRACE_MILLIS = 500;

    private final NodeId self;
    private final Address listen;
    private volatile SortedMap<NodeId, Address> peers;
    private final int frameLimitBytes;
    private final EventLoopGroup ioThreads;
    private final ThreadPoolExecutor bulkThreads;
    private final PeerChannels channels;
    private final GrpcBulk bulk;
    private final PeerSecurity security;
    private final ConnectionGuard guard;
    private final int mostAccepted;
    private final Set<GrpcConnection> connections = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();
    /** The dial to each peer that is under way. */
    private final Map<NodeId, DialledConnection> dials = new ConcurrentHashMap<>();

    private final Meters.Counter framesSent;
    private final Meters.Counter bytesSent;
    private final Meters.Counter framesReceived;
    private final Meters.Counter bytesReceived;
    private final Meters.Counter connectFailures;

    private volatile Transport.@Nullable Listener listener;
    private volatile @Nullable Server server;
    private volatile boolean closed;

    /**
     * Prepares a transport, which does not listen yet.
     *
     * @param listen port 0 asks for a free one
     * @throws io.loggos.api.InvalidOptionsException if a certificate cannot be used, or strangers could reach this node
     */
    public GrpcTransport(
            NodeId self,
            String clusterId,
            Address listen,
            SortedMap<NodeId, Address> peers,
            TransportOptions options,
            SecurityOptions securityOptions,
            Meters meters) {
        this(self, clusterId, listen, peers, options, securityOptions, meters, HostNames.OF_SYSTEM);
    }

    /** Prepares a transport that resolves the host names of its peers in another way. */
    GrpcTransport(
            NodeId self,
            String clusterId,
            Address listen,
            SortedMap<NodeId, Address> peers,
            TransportOptions options,
            SecurityOptions securityOptions,
            Meters meters,
            HostNames names) {
        this.security = new PeerSecurity(self, listen, securityOptions);
        this.self = self;
        this.listen = listen;
        this.peers = Collections.unmodifiableSortedMap(new TreeMap<>(peers));
        this.mostAccepted = MOST_STRANGERS + CONNECTIONS_PER_PEER * peers.size();
        this.guard = new ConnectionGuard(
                self + ", port for peers",
                mostAccepted,
                MOST_STRANGERS_FROM_ONE + CONNECTIONS_PER_PEER * peers.size(),
                security.usesTls());
        // One byte of each message is this transport's own.
        this.frameLimitBytes = options.maxFrameBytes() + 1;
        this.ioThreads = new MultiThreadIoEventLoopGroup(
                IO_THREADS,
                TransportThreads.named("loggos-grpc-" + self),
                EPOLL ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
        this.bulkThreads = TransportThreads.pool("loggos-bulk-" + self, BULK_THREADS, BULK_QUEUE);
        this.channels = new PeerChannels(self, security, ioThreads, EPOLL, names);
        this.bulk = new GrpcBulk(
                clusterId,
                self,
                peers.keySet(),
                security,
                ioThreads,
                peer -> channels.open(peer, address(peer), GrpcMethods.BULK_LIMIT_BYTES),
                meters);
        framesSent = meters.counter("loggos.transport.sent.frames");
        bytesSent = meters.counter("loggos.transport.sent.bytes");
        framesReceived = meters.counter("loggos.transport.received.frames");
        bytesReceived = meters.counter("loggos.transport.received.bytes");
        connectFailures = meters.counter("loggos.transport.connect.failures");
        meters.gauge("loggos.transport.connections", connections::size);
        meters.gauge("loggos.transport.connections.refused", guard::refusals);
    }

    @Override
    public void start(Transport.Listener listener) {
        this.listener = listener;
        InetSocketAddress address = new InetSocketAddress(listen.host(), listen.port());
        if (address.isUnresolved()) {
            close();
            throw new TransportException("cannot listen on " + listen + ": no such host", null);
        }
        NettyServerBuilder builder = NettyServerBuilder.forAddress(address)
                .bossEventLoopGroup(ioThreads)
                .workerEventLoopGroup(ioThreads)
                .channelFactory(guard.sockets())
                .handshakeTimeout(HANDSHAKE_SECONDS, TimeUnit.SECONDS)
                .maxConnectionIdle(IDLE_SECONDS, TimeUnit.SECONDS)
                .maxRstFramesPerWindow(MOST_RESETS, RESETS_SECONDS)
                .withChildOption(ChannelOption.TCP_NODELAY, true)
                .directExecutor()
                .flowControlWindow(PeerChannels.FLOW_CONTROL_WINDOW_BYTES)
                .maxInboundMessageSize(Math.max(frameLimitBytes, GrpcMethods.BULK_LIMIT_BYTES))
                .maxConcurrentCallsPerConnection(64)
                .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
                .decompressorRegistry(PeerChannels.UNCOMPRESSED)
                .addTransportFilter(bulk.challenges())
                .addService(ServerServiceDefinition.builder(GrpcMethods.LINK_SERVICE)
                        .addMethod(GrpcMethods.CONNECT, (call, headers) -> AcceptedConnection.accept(this, call))
                        .build())
                .addService(ServerServiceDefinition.builder(GrpcMethods.BULK_SERVICE)
                        .addMethod(
                                GrpcMethods.REQUEST,
                                bulk.handler(bulkThreads, listener::requested, listener::requestedByStranger))
                        .build());
        security.secure(builder);
        try {
            server = builder.build().start();
        } catch (IOException e) {
            close();
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new TransportException("cannot listen on " + listen + ": " + cause.getMessage(), e);
        }
    }

    @Override
    public Address listening() {
        Server running = server;
        return running == null ? listen : new Address(listen.host(), running.getPort());
    }

    @Override
    public void peers(SortedMap<NodeId, Address> newPeers) {
        SortedMap<NodeId, Address> before = peers;
        peers = Collections.unmodifiableSortedMap(new TreeMap<>(newPeers));
        bulk.peers(newPeers.keySet());
        before.forEach((peer, address) -> {
            if (!address.equals(newPeers.get(peer))) {
                bulk.forget(peer);
            }
        });
    }

    @Override
    public void connect(NodeId peer) {
        Address address = address(peer);
        try {
            channels.execute(() -> dial(peer, address));
        } catch (RejectedExecutionException e) {
            Transport.Listener events = listener;
            if (!closed && events != null) {
                events.connectFailed(peer, "too many dials at once");
            }
        }
    }

    @Override
    public void request(NodeId peer, Bytes request, Consumer<@Nullable Bytes> answer) {
        bulk.request(peer, request, false, answer);
    }

    @Override
    public void requestAsStranger(NodeId peer, Bytes request, Consumer<@Nullable Bytes> answer) {
        bulk.request(peer, request, true, answer);
    }

    /** Ends all connections, tells the peers so, and ends all threads. Must not be called by one of them. */
    @Override
    public void close() {
        closed = true;
        connections.forEach(connection -> connection.close("the node is closing"));
        dials.values().forEach(DialledConnection::abandon);
        bulk.close();
        channels.closeDials();
        bulkThreads.shutdownNow();
        Server running = server;
        if (running != null) {
            running.shutdown();
            try {
                if (!running.awaitTermination(GRACE_MILLIS, TimeUnit.MILLISECONDS)) {
                    running.shutdownNow();
                    running.awaitTermination(GRACE_MILLIS, TimeUnit.MILLISECONDS);
                }
            } catch (InterruptedException e) {
                running.shutdownNow();
                Thread.currentThread().interrupt();
            }
        }
        channels.closeAll();
        ioThreads.shutdownGracefully(0, GRACE_MILLIS, TimeUnit.MILLISECONDS).awaitUninterruptibly(2 * GRACE_MILLIS);
    }

    /** Reports an open connection to a peer; returns whether it is wanted. */
    boolean connected(NodeId peer, DialledConnection connection) {
        Transport.Listener events = listener;
        if (!dials.remove(peer, connection) || closed || events == null) {
            connection.abandon();
            return false;
        }
        connections.add(connection);
        events.connected(peer, connection);
        return true;
    }

    /** Reports that a dial has failed, unless it had been given up. */
    void connectFailed(NodeId peer, DialledConnection connection, String reason) {
        Transport.Listener events = listener;
        if (dials.remove(peer, connection) && !closed && events != null) {
            connectFailures.add(1);
            events.connectFailed(peer, reason);
        }
    }

    /** Reports a connection that a peer has opened; returns whether there is room for it. */
    boolean accepted(AcceptedConnection connection) {
        Transport.Listener events = listener;
        if (closed || events == null) {
            return false;
        }
        if (accepted.incrementAndGet() > mostAccepted) {
            accepted.decrementAndGet();
            return false;
        }
        connections.add(connection);
        events.accepted(connection);
        return true;
    }

    boolean usesTls() {
        return security.usesTls();
    }

    OtherEnd otherEnd(Attributes call) {
        return security.otherEnd(call);
    }

    String addressOf(NodeId peer) {
        return address(peer).toString();
    }

    void sent(List<Bytes> message) {
        framesSent.add(1);
        long bytes = 0;
        for (Bytes piece : message) {
            bytes += piece.size();
        }
        bytesSent.add(bytes);
    }

    void received(GrpcConnection connection, Bytes frame) {
        framesReceived.add(1);
        bytesReceived.add(frame.size());
        Transport.Listener events = listener;
        if (events != null) {
            events.received(connection, frame);
        }
    }

    void closed(GrpcConnection connection, String reason) {
        if (connections.remove(connection) && connection instanceof AcceptedConnection) {
            accepted.decrementAndGet();
        }
        Transport.Listener events = listener;
        if (events != null) {
            events.closed(connection, reason);
        }
    }

    /** Runs an action once the last words of a connection have had time to leave. */
    void afterGrace(Runnable action) {
        if (!ioThreads.isShuttingDown()) {
            try {
                Future<?> unused = ioThreads.schedule(action, GRACE_MILLIS, TimeUnit.MILLISECONDS);
                return;
            } catch (RejectedExecutionException e) {
                // The threads have just ended, and the sockets with them.
            }
        }
        action.run();
    }

    /** Dials on a thread of its own. The channel resolves the name there too, since that may block. */
    private void dial(NodeId peer, Address address) {
        if (closed) {
            return;
        }
        ManagedChannel channel = channels.open(peer, address, frameLimitBytes);
        DialledConnection connection = new DialledConnection(this, peer, channel);
        DialledConnection before = dials.put(peer, connection);
        if (before != null) {
            before.abandon();
        }
        if (closed) {
            connection.abandon();
            return;
        }
        connection.dial();
    }

    private Address address(NodeId peer) {
        Address address = peers.get(peer);
        if (address == null) {
            throw new IllegalArgumentException(peer + " is not a peer of " + self);
        }
        return address;
    }
}
