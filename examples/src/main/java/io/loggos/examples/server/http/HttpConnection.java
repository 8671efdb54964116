package io.loggos.examples.server.http;

import io.grpc.netty.shaded.io.netty.channel.ChannelFuture;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelInboundHandlerAdapter;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpContent;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpHeaderNames;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpMethod;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpRequest;
import io.grpc.netty.shaded.io.netty.handler.codec.http.LastHttpContent;
import io.grpc.netty.shaded.io.netty.util.ReferenceCountUtil;
import io.grpc.netty.shaded.io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * One connection of HTTP/1.1, with one request at a time. It reads as much as the exchange wants, and one message more,
 * so that it learns of a client that goes.
 */
final class HttpConnection extends ChannelInboundHandlerAdapter {
    /** Time in which the first request must begin, and in which a body must be there. */
    private static final long FIRST_SECONDS = 10;

    private static final long BODY_SECONDS = 60;
    /** Time in which the client must take the end of an answer. */
    private static final long ANSWER_SECONDS = 60;
    /** Time in which the rest of a body that nobody wants must be there. */
    private static final long DRAIN_SECONDS = 1;
    /** Time after which a connection without a request ends, as with gRPC. */
    private static final long IDLE_SECONDS = 600;

    private final Origins origins;
    private final BiFunction<HttpRequest, Reply, Exchange> exchanges;
    private @Nullable Exchange exchange;
    /** A message of the next request, which waits for the end of this one. */
    private @Nullable Object held;

    private boolean reading;
    private boolean bodyEnded;
    /** The answer has left before the body was there; its rest is dropped. */
    private boolean draining;

    private boolean leaving;
    private @Nullable ScheduledFuture<?> limit;

    /**
     * @param origins origins of pages that may read the answers
     * @param exchanges begins an exchange for a request
     */
    HttpConnection(Origins origins, BiFunction<HttpRequest, Reply, Exchange> exchanges) {
        this.origins = origins;
        this.exchanges = exchanges;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        limit(context, FIRST_SECONDS);
        read(context);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        reading = false;
        if (exchange != null && bodyEnded) {
            held = message;
            return;
        }
        take(context, message);
    }

    /** A read may end without a message. */
    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (reading) {
            reading = false;
            readMore(context);
        }
    }

    private void take(ChannelHandlerContext context, Object message) {
        try {
            if (message instanceof HttpRequest request) {
                begin(context, request);
            }
            if (message instanceof HttpContent content) {
                body(context, content);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
        readMore(context);
    }

    private void body(ChannelHandlerContext context, HttpContent content) {
        if (content.decoderResult().isFailure()) {
            ChannelFuture unused = context.close();
            return;
        }
        boolean isLast = content instanceof LastHttpContent;
        bodyEnded = isLast;
        Exchange current = exchange;
        if (current != null) {
            if (isLast && limit != null) {
                limit.cancel(false);
            }
            current.body(content.content(), isLast);
        } else if (isLast && draining) {
            draining = false;
            limit(context, IDLE_SECONDS);
        }
    }

    private void begin(ChannelHandlerContext context, HttpRequest request) {
        bodyEnded = false;
        Reply reply = new Reply(
                context,
                request.method().equals(HttpMethod.HEAD),
                origins.answer(request.headers().get(HttpHeaderNames.ORIGIN)),
                () -> readMore(context),
                sent -> ended(context, sent));
        if (request.decoderResult().isFailure()) {
            leaving = true;
            exchange = new PageExchange();
            ChannelFuture unused = reply.whole(400, PageExchange.PLAIN_TEXT, "400 Bad Request\n");
            return;
        }
        limit(context, BODY_SECONDS);
        Exchange begun = new PageExchange();
        exchange = begun;
        Exchange chosen = exchanges.apply(request, reply);
        if (exchange == begun) { // Otherwise it has been answered already.
            exchange = chosen;
            if (chosen.mayTakeLong() && limit != null) {
                limit.cancel(false);
            }
        }
    }

    /** The answer is on its way. The next request begins when it has left. */
    private void ended(ChannelHandlerContext context, ChannelFuture sent) {
        limit(context, ANSWER_SECONDS);
        ChannelFuture unused = sent.addListener(done -> {
            if (leaving || !done.isSuccess()) {
                ChannelFuture unusedClose = context.close();
                return;
            }
            exchange = null;
            draining = !bodyEnded;
            limit(context, draining ? DRAIN_SECONDS : IDLE_SECONDS);
            Object next = held;
            held = null;
            if (next != null) {
                take(context, next);
            } else {
                readMore(context);
            }
        });
    }

    /** Ends the connection: now, or after the answer under way. */
    void leave(ChannelHandlerContext context) {
        leaving = true;
        if (exchange == null) {
            ChannelFuture unused = context.close();
        }
    }

    private void readMore(ChannelHandlerContext context) {
        Exchange current = exchange;
        if (held == null && (current == null || bodyEnded || current.wantsBody())) {
            read(context);
        }
    }

    private void read(ChannelHandlerContext context) {
        if (!reading) {
            reading = true;
            context.read();
        }
    }

    private void limit(ChannelHandlerContext context, long seconds) {
        if (limit != null) {
            limit.cancel(false);
        }
        limit = context.executor()
                .schedule(
                        () -> {
                            ChannelFuture unused = context.close();
                        },
                        seconds,
                        TimeUnit.SECONDS);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (exchange != null) {
            exchange.writable();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (exchange != null) {
            exchange.gone();
        }
        exchange = null;
        ReferenceCountUtil.release(held);
        held = null;
        if (limit != null) {
            limit.cancel(false);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        // A connection that breaks, or a handshake that fails, says nothing of this server.
        ChannelFuture unused = context.close();
    }
}
