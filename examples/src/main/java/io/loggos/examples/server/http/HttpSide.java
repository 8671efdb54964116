package io.loggos.examples.server.http;

import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelFactory;
import io.grpc.netty.shaded.io.netty.channel.ChannelFuture;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandler.Sharable;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelInboundHandlerAdapter;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.netty.shaded.io.netty.channel.ChannelPipeline;
import io.grpc.netty.shaded.io.netty.channel.ServerChannel;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpMethod;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpRequest;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpServerCodec;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpServerExpectContinueHandler;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpServerKeepAliveHandler;
import io.grpc.netty.shaded.io.netty.handler.flow.FlowControlHandler;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.loggos.examples.server.monitor.MonitorPages;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/1.1 on a port of gRPC.
 *
 * <p>Each new connection is looked at. One of gRPC goes on as if this were not there. The others get the pages for
 * machines that watch, and etcd's JSON gateway. They run on gRPC's event loops and count for the limits of its port.
 */
@Sharable
public final class HttpSide extends ChannelInboundHandlerAdapter {
    private static final int MOST_LINE_BYTES = 8 << 10;
    private static final int MOST_HEADER_BYTES = 16 << 10;
    private static final int MOST_CHUNK_BYTES = 16 << 10;

    private final MonitorPages pages;
    private final Executor executor;
    private final Gateway gateway;
    private final Origins origins;
    private final @Nullable SslContext tls;
    private final long handshakeSeconds;
    private final Set<Channel> connections = ConcurrentHashMap.newKeySet();
    private volatile boolean leaving;

    /**
     * @param pages the pages
     * @param executor makes pages that take long
     * @param services services behind the gateway
     * @param mostMessageBytes the most bytes of a message as a protocol buffer
     * @param origins origins of pages that may read the answers; {@code *} for any
     * @param tls TLS for HTTP/1.1; null on a port without TLS
     * @param handshakeSeconds time in which a connection must have said what it is
     */
    public HttpSide(
            MonitorPages pages,
            Executor executor,
            List<ServerServiceDefinition> services,
            int mostMessageBytes,
            Set<String> origins,
            @Nullable SslContext tls,
            long handshakeSeconds) {
        this.pages = pages;
        this.executor = executor;
        this.gateway = new Gateway(services, mostMessageBytes);
        this.origins = new Origins(origins);
        this.tls = tls;
        this.handshakeSeconds = handshakeSeconds;
    }

    /** Returns a factory of listening sockets whose connections this looks at first. */
    public ChannelFactory<ServerChannel> beside(ChannelFactory<ServerChannel> sockets) {
        return () -> {
            ServerChannel socket = sockets.newChannel();
            socket.pipeline().addLast(this);
            return socket;
        };
    }

    /** A connection has come. gRPC's initializer follows this handler, and sees the connection after it. */
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof Channel connection) {
            ProtocolChoice choice = new ProtocolChoice(this::serve, handshakeSeconds);
            connection.pipeline().addLast(tls == null ? new PlainChoice(choice) : new TlsChoice(choice));
        }
        context.fireChannelRead(message);
    }

    private void serve(Channel connection) {
        connection.config().setAutoRead(false);
        connection.config().setOption(ChannelOption.SO_KEEPALIVE, true);
        ChannelPipeline pipeline = connection.pipeline();
        if (tls != null) {
            pipeline.addLast(tls.newHandler(connection.alloc()));
        }
        pipeline.addLast(
                new HttpServerCodec(MOST_LINE_BYTES, MOST_HEADER_BYTES, MOST_CHUNK_BYTES),
                new HttpServerExpectContinueHandler(),
                new HttpServerKeepAliveHandler(),
                new FlowControlHandler(),
                new HttpConnection(origins, this::exchange));
        connections.add(connection);
        ChannelFuture unused = connection.closeFuture().addListener(closed -> connections.remove(connection));
        if (leaving) {
            leave(connection);
        }
    }

    private Exchange exchange(HttpRequest request, Reply reply) {
        String uri = request.uri();
        int question = uri.indexOf('?');
        String path = question < 0 ? uri : uri.substring(0, question);
        String query = question < 0 ? "" : uri.substring(question + 1);
        if (request.method().equals(HttpMethod.OPTIONS)) {
            ChannelFuture unused = reply.whole(200, "", "");
        } else if (Gateway.isBelow(path)) {
            return gateway.call(path, request, reply);
        } else if (!MonitorPages.has(path)) {
            ChannelFuture unused = reply.whole(404, PageExchange.PLAIN_TEXT, "404 page not found\n");
        } else if (!request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD)) {
            ChannelFuture unused = reply.whole(405, PageExchange.PLAIN_TEXT, "Method Not Allowed\n");
        } else {
            CompletableFuture<?> unused = pages.page(path, query, executor)
                    .thenAcceptAsync(
                            page -> {
                                ChannelFuture unusedSent = reply.whole(page.code(), page.type(), page.text());
                            },
                            reply.context().executor());
        }
        return new PageExchange();
    }

    /** Ends connections without a request, and the others after their answer. */
    public void leave() {
        leaving = true;
        connections.forEach(HttpSide::leave);
    }

    private static void leave(Channel connection) {
        connection.eventLoop().execute(() -> {
            ChannelHandlerContext context = connection.pipeline().context(HttpConnection.class);
            if (context != null) {
                ((HttpConnection) context.handler()).leave(context);
            }
        });
    }

    /** Waits until all connections have ended, and ends those that have not in time. */
    public void close(long seconds) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        for (Channel connection : connections) {
            if (!connection.closeFuture().await(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS)) {
                ChannelFuture unused = connection.close();
            }
        }
    }
}
