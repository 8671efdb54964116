package io.loggos.multicast.grpc;

import io.grpc.Codec;
import io.grpc.DecompressorRegistry;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import io.loggos.api.Address;
import io.loggos.api.NodeId;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens channels to peers. A thread of its own dials, and resolves host names, which may block. Any thread. */
final class PeerChannels implements Executor {
    /** Refuses compressed messages, since their size cannot be checked before they are expanded. */
    static final DecompressorRegistry UNCOMPRESSED =
            DecompressorRegistry.emptyInstance().with(Codec.Identity.NONE, false);

    static final int FLOW_CONTROL_WINDOW_BYTES = 4 << 20;

    private static final Logger LOGGER = LoggerFactory.getLogger(PeerChannels.class);
    private static final int DIAL_QUEUE = 64;
    private static final int CONNECT_TIMEOUT_MILLIS = 3000;
    private static final long GRACE_MILLIS = 500;

    private final NodeId self;
    private final PeerSecurity security;
    private final EventLoopGroup ioThreads;
    private final boolean epoll;
    private final HostNames names;
    private final ThreadPoolExecutor dialThread;
    /** All channels that have not ended. */
    private final Set<ManagedChannel> channels = ConcurrentHashMap.newKeySet();

    PeerChannels(NodeId self, PeerSecurity security, EventLoopGroup ioThreads, boolean epoll, HostNames names) {
        this.self = self;
        this.security = security;
        this.ioThreads = ioThreads;
        this.epoll = epoll;
        this.names = names;
        this.dialThread = TransportThreads.pool("loggos-dial-" + self, 1, DIAL_QUEUE);
    }

    /**
     * Runs a dial.
     *
     * @throws RejectedExecutionException if there are too many at once
     */
    @Override
    public void execute(Runnable dial) {
        dialThread.execute(dial);
    }

    private void resolve(Runnable lookUp) {
        try {
            dialThread.execute(lookUp);
        } catch (RejectedExecutionException e) {
            LOGGER.debug("{}: too many dials at once, or the transport has closed", self);
        }
    }

    /** Opens a channel, which connects when it is used. */
    @SuppressWarnings("deprecation") // A resolver for one channel is no resolver for all of the JVM.
    ManagedChannel open(NodeId peer, Address address, int messageLimitBytes) {
        channels.removeIf(ManagedChannel::isTerminated);
        NettyChannelBuilder builder = NettyChannelBuilder.forTarget(PeerAddresses.target())
                .nameResolverFactory(new PeerAddresses(address, names, this::resolve));
        security.secure(builder, peer);
        ManagedChannel made = builder.eventLoopGroup(ioThreads)
                .channelType(epoll ? EpollSocketChannel.class : NioSocketChannel.class)
                .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS)
                .withOption(ChannelOption.TCP_NODELAY, true)
                .directExecutor()
                .offloadExecutor(dialThread)
                .overrideAuthority("loggos")
                .proxyDetector(target -> null)
                .disableRetry()
                .disableServiceConfigLookUp()
                .flowControlWindow(FLOW_CONTROL_WINDOW_BYTES)
                .maxInboundMessageSize(messageLimitBytes)
                .decompressorRegistry(UNCOMPRESSED)
                .build();
        channels.add(made);
        return made;
    }

    /** Dials no more, and waits for a dial that is under way: it would use the I/O threads after their end. */
    void closeDials() {
        dialThread.shutdownNow();
        try {
            if (!dialThread.awaitTermination(GRACE_MILLIS, TimeUnit.MILLISECONDS)) {
                LOGGER.debug("{}: a name is still being resolved", self);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for the channels: one that still waits for its next try would use the I/O threads after their end. */
    void closeAll() {
        channels.forEach(ManagedChannel::shutdownNow);
        try {
            for (ManagedChannel channel : channels) {
                channel.awaitTermination(GRACE_MILLIS, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
