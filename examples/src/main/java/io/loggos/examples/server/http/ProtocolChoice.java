package io.loggos.examples.server.http;

import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelFuture;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandler;
import io.grpc.netty.shaded.io.netty.channel.ChannelPipeline;
import io.grpc.netty.shaded.io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The choice between gRPC and HTTP/1.1 for one connection, by its first bytes.
 *
 * <p>gRPC's own initializer is held back until then, and afterwards gets the connection as if nothing had been before
 * it. So gRPC costs the same with and without HTTP beside it.
 */
final class ProtocolChoice {
    private final Consumer<Channel> http;
    private final long timeoutSeconds;
    private @Nullable ChannelHandler grpc;
    private @Nullable ScheduledFuture<?> timeout;

    /**
     * @param http begins HTTP/1.1 on a connection
     * @param timeoutSeconds time after which a connection that has said nothing ends
     */
    ProtocolChoice(Consumer<Channel> http, long timeoutSeconds) {
        this.http = http;
        this.timeoutSeconds = timeoutSeconds;
    }

    /** Takes gRPC's initializer, which is the last handler, out of the pipeline before it has run. */
    void begin(Channel connection) {
        grpc = connection.pipeline().removeLast();
        timeout = connection
                .eventLoop()
                .schedule(
                        () -> {
                            ChannelFuture unused = connection.close();
                        },
                        timeoutSeconds,
                        TimeUnit.SECONDS);
    }

    /** Goes on with gRPC. The handler that has looked at the first bytes is replaced. */
    void chooseGrpc(Channel connection, ChannelHandler looked) {
        ChannelHandler initializer = grpc;
        if (initializer != null) {
            end();
            ChannelPipeline pipeline = connection.pipeline();
            pipeline.addLast(initializer);
            pipeline.remove(looked);
        }
    }

    /** Goes on with HTTP/1.1. The handler that has looked at the first bytes is replaced. */
    void chooseHttp(Channel connection, ChannelHandler looked) {
        if (grpc != null) {
            end();
            http.accept(connection);
            connection.pipeline().remove(looked);
        }
    }

    /** The connection has ended, or the choice is made. */
    void end() {
        grpc = null;
        ScheduledFuture<?> running = timeout;
        if (running != null) {
            running.cancel(false);
            timeout = null;
        }
    }
}
