package io.loggos.examples.server.http;

import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import io.grpc.netty.shaded.io.netty.channel.ChannelFuture;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.grpc.netty.shaded.io.netty.handler.codec.http.DefaultHttpContent;
import io.grpc.netty.shaded.io.netty.handler.codec.http.DefaultHttpResponse;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpHeaderNames;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpHeaderValues;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpHeaders;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpResponse;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpResponseStatus;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpVersion;
import io.grpc.netty.shaded.io.netty.handler.codec.http.LastHttpContent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The answer to one request: whole, or in parts. All methods run on the event loop of the connection. */
final class Reply {
    /** The date of a header (RFC 9110, section 5.6.7). */
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private final ChannelHandlerContext context;
    private final boolean head;
    private final @Nullable String origin;
    private final Runnable more;
    private final Consumer<ChannelFuture> ended;
    private boolean begun;

    /**
     * @param head true if the client wants the head of the answer alone
     * @param origin origin of pages that may read the answer; null for none
     * @param more reads more of the body, if it is wanted
     * @param ended gets the future that completes once the answer has left
     */
    Reply(
            ChannelHandlerContext context,
            boolean head,
            @Nullable String origin,
            Runnable more,
            Consumer<ChannelFuture> ended) {
        this.context = context;
        this.head = head;
        this.origin = origin;
        this.more = more;
        this.ended = ended;
    }

    /** Reads more of the body, if the exchange wants it. */
    void readMore() {
        more.run();
    }

    ChannelHandlerContext context() {
        return context;
    }

    boolean hasBegun() {
        return begun;
    }

    /** Sends a whole text. */
    ChannelFuture whole(int code, String type, String text) {
        return whole(code, type, Unpooled.copiedBuffer(text, StandardCharsets.UTF_8), false);
    }

    /**
     * Sends a whole answer.
     *
     * @param grpc true if a call has answered without an error, which etcd says in a header
     */
    ChannelFuture whole(int code, String type, ByteBuf body, boolean grpc) {
        begun = true;
        int length = body.readableBytes();
        if (head) {
            body.release();
        }
        DefaultFullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(code), head ? Unpooled.EMPTY_BUFFER : body);
        fill(response, type, grpc);
        response.headers().set(HttpHeaderNames.CONTENT_LENGTH, length);
        return sent(context.writeAndFlush(response));
    }

    /** Begins an answer in parts. */
    void begin(int code, String type, boolean grpc) {
        begun = true;
        HttpResponse response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(code));
        fill(response, type, grpc);
        response.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        ChannelFuture unused = context.write(response);
    }

    /** Sends a part. */
    void part(ByteBuf part) {
        ChannelFuture unused = context.writeAndFlush(new DefaultHttpContent(part));
    }

    /** Ends an answer in parts. */
    ChannelFuture end() {
        return sent(context.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT));
    }

    private ChannelFuture sent(ChannelFuture future) {
        ended.accept(future);
        return future;
    }

    /** Sets the headers that etcd has. */
    private void fill(HttpResponse response, String type, boolean grpc) {
        HttpHeaders headers = response.headers();
        if (origin != null) {
            headers.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_HEADERS, "accept, content-type, authorization");
            headers.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_METHODS, "POST, GET, OPTIONS, PUT, DELETE");
            headers.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        }
        if (!type.isEmpty()) {
            headers.set(HttpHeaderNames.CONTENT_TYPE, type);
        }
        if (grpc) {
            headers.set("Grpc-Metadata-Content-Type", "application/grpc");
        }
        headers.set(HttpHeaderNames.DATE, DATE.format(Instant.now()));
    }
}
