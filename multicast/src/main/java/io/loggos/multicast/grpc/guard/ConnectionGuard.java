package io.loggos.multicast.grpc.guard;

import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelFactory;
import io.grpc.netty.shaded.io.netty.channel.ChannelFuture;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandler.Sharable;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelInboundHandlerAdapter;
import io.grpc.netty.shaded.io.netty.channel.ServerChannel;
import io.grpc.netty.shaded.io.netty.channel.epoll.Epoll;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollServerSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bounds the connections of a port, in all and from one address, and leaves descriptors for the store.
 *
 * <p>A connection beyond a bound is closed at once, before a byte of it is read.
 */
@Sharable
public final class ConnectionGuard extends ChannelInboundHandlerAdapter {
    private static final Logger LOGGER = LoggerFactory.getLogger(ConnectionGuard.class);

    private final String port;
    private final int most;
    private final int mostFromOne;
    private final boolean tls;
    private final OccasionalLog log = new OccasionalLog(LOGGER);
    private final AtomicInteger open = new AtomicInteger();
    private final Map<InetAddress, Integer> byAddress = new ConcurrentHashMap<>();
    private final LongAdder refusals = new LongAdder();

    /**
     * Creates the guard of a port.
     *
     * @param port names it in the log
     * @param most the most connections at a time; half of this process's descriptors if that is less
     * @param mostFromOne the most from one address
     * @param tls true if the port wants TLS
     */
    public ConnectionGuard(String port, int most, int mostFromOne, boolean tls) {
        this.port = port;
        this.most = Descriptors.atMostHalf(most);
        this.mostFromOne = Math.min(this.most, mostFromOne);
        this.tls = tls;
    }

    /** Returns a factory of listening sockets that this guards. */
    public ChannelFactory<ServerChannel> sockets() {
        return () -> {
            ServerChannel socket = Epoll.isAvailable() ? new EpollServerSocketChannel() : new NioServerSocketChannel();
            socket.pipeline().addLast(this);
            return socket;
        };
    }

    /** Returns the number of connections that were refused. */
    public long refusals() {
        return refusals.sum();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!(message instanceof Channel connection)
                || !(connection.remoteAddress() instanceof InetSocketAddress from)) {
            context.fireChannelRead(message);
            return;
        }
        InetAddress address = from.getAddress();
        String wrong = enter(address);
        if (wrong != null) {
            refused(from, wrong);
            connection.unsafe().closeForcibly();
            return;
        }
        ChannelFuture unused = connection.closeFuture().addListener(closed -> leave(address));
        connection.pipeline().addFirst(new FirstBytes(tls, reason -> refused(from, reason)));
        context.fireChannelRead(message);
    }

    private @Nullable String enter(InetAddress address) {
        if (open.incrementAndGet() > most) {
            open.decrementAndGet();
            return "there are " + most + " connections already";
        }
        int fromThere = byAddress.merge(address, 1, Integer::sum);
        boolean descriptor = Descriptors.mayBeTaken();
        if (fromThere <= mostFromOne && descriptor) {
            return null;
        }
        leave(address);
        return descriptor
                ? "there are " + mostFromOne + " connections from there already"
                : "the last file descriptors of this process are kept for its files";
    }

    private void leave(InetAddress address) {
        open.decrementAndGet();
        byAddress.computeIfPresent(address, (key, count) -> count == 1 ? null : count - 1);
    }

    private void refused(InetSocketAddress from, String reason) {
        refusals.increment();
        log.warn(port + ": a connection of " + from.getAddress().getHostAddress() + ":" + from.getPort()
                + " is refused: " + reason);
    }
}
