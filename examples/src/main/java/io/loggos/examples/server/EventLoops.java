package io.loggos.examples.server;

import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.ServerChannel;
import io.grpc.netty.shaded.io.netty.channel.epoll.Epoll;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollIoHandler;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollServerSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import io.grpc.netty.shaded.io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The threads that read and write the connections of clients. A request is decoded, checked and handed to the store
 * on the thread that has read it, and its answer is built on the same: nothing in between waits, and a hand-over to
 * another thread would cost more than it takes. So there are few, and what arrives together stays together.
 */
final class EventLoops implements AutoCloseable {
    private static final int PROCESSORS_PER_LOOP = 4;
    private static final long CLOSE_SECONDS = 5;

    private final EventLoopGroup group;
    private final List<Returns> returns = new ArrayList<>();

    EventLoops() {
        int threads = Math.max(1, Runtime.getRuntime().availableProcessors() / PROCESSORS_PER_LOOP);
        group = new MultiThreadIoEventLoopGroup(
                threads,
                new DefaultThreadFactory("loggos-etcd", true),
                Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
        for (EventExecutor loop : group) {
            returns.add(new Returns(loop));
        }
    }

    /** Has a server do everything here. */
    void serve(NettyServerBuilder server) {
        Class<? extends ServerChannel> channel =
                Epoll.isAvailable() ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
        server.channelType(channel)
                .bossEventLoopGroup(group)
                .workerEventLoopGroup(group)
                .directExecutor();
    }

    /** The way back to the thread that calls this; to any if it is none of these. */
    Returns here() {
        for (Returns each : returns) {
            if (each.isHere()) {
                return each;
            }
        }
        return returns.get(0);
    }

    /** Once the server has ended. */
    @Override
    public void close() {
        group.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS)
                .awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
    }
}
