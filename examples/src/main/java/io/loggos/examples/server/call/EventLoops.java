package io.loggos.examples.server.call;

import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.ChannelFactory;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.ServerChannel;
import io.grpc.netty.shaded.io.netty.channel.epoll.Epoll;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollIoHandler;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import io.grpc.netty.shaded.io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * The threads that read and write the connections of clients. The thread that has read a request decodes it, checks it,
 * passes it to the store, and later builds its answer. None of these steps waits, and passing them to another thread
 * would cost more than the steps themselves. So few threads suffice, and requests that arrive together stay together.
 */
public final class EventLoops implements AutoCloseable {
    private static final int PROCESSORS_PER_LOOP = 4;
    private static final long CLOSE_SECONDS = 5;

    private final EventLoopGroup group;
    private final List<Returns> returns = new ArrayList<>();

    public EventLoops() {
        int threads = Math.max(1, Runtime.getRuntime().availableProcessors() / PROCESSORS_PER_LOOP);
        group = new MultiThreadIoEventLoopGroup(
                threads,
                new DefaultThreadFactory("loggos-etcd", true),
                Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
        for (EventExecutor loop : group) {
            returns.add(new Returns(loop));
        }
    }

    /** Configures a server to do all its work on these threads, and to listen with these sockets. */
    public void serve(NettyServerBuilder server, ChannelFactory<ServerChannel> sockets) {
        server.channelFactory(sockets)
                .bossEventLoopGroup(group)
                .workerEventLoopGroup(group)
                .directExecutor();
    }

    /** Returns the queue of the calling event loop, or of any loop if the caller is none of them. */
    Returns here() {
        for (Returns each : returns) {
            if (each.isHere()) {
                return each;
            }
        }
        return returns.get(0);
    }

    /** Runs a short action again and again on one of these threads, until they end. */
    public void every(Duration time, Runnable action) {
        ScheduledFuture<?> unused =
                group.scheduleAtFixedRate(action, time.toNanos(), time.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Ends the threads. The server must have ended before. */
    @Override
    public void close() {
        group.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS)
                .awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
    }
}
