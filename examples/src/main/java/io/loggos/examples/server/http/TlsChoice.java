package io.loggos.examples.server.http;

import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.channel.ChannelFuture;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslClientHelloHandler;
import io.grpc.netty.shaded.io.netty.util.concurrent.Future;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Tells gRPC from HTTP/1.1 on a port with TLS, by the protocols that the client offers in its first message (RFC 7301).
 *
 * <p>Clients of gRPC offer {@code h2} alone. A client that offers {@code http/1.1}, or nothing, gets that.
 */
final class TlsChoice extends SslClientHelloHandler<Boolean> {
    private static final int MOST_BYTES = 64 << 10;
    private static final int FIXED_BYTES = 2 + 32;
    private static final int ALPN = 16;
    private static final String HTTP_1 = "http/1.1";

    private final ProtocolChoice choice;

    TlsChoice(ProtocolChoice choice) {
        super(MOST_BYTES);
        this.choice = choice;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        choice.begin(context.channel());
    }

    @Override
    protected Future<Boolean> lookup(ChannelHandlerContext context, @Nullable ByteBuf hello) {
        return context.executor().newSucceededFuture(hello == null || isHttp(hello));
    }

    @Override
    protected void onLookupComplete(ChannelHandlerContext context, Future<Boolean> future) {
        if (!future.isSuccess()) {
            ChannelFuture unused = context.close();
        } else if (future.getNow()) {
            choice.chooseHttp(context.channel(), this);
        } else {
            choice.chooseGrpc(context.channel(), this);
        }
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext context) throws Exception {
        choice.end();
        super.handlerRemoved0(context);
    }

    /** Returns false if the client offers protocols without HTTP/1.1 among them. */
    static boolean isHttp(ByteBuf hello) {
        ByteBuf rest = hello.slice();
        rest.skipBytes(FIXED_BYTES);
        rest.skipBytes(rest.readUnsignedByte()); // session
        rest.skipBytes(rest.readUnsignedShort()); // cipher suites
        rest.skipBytes(rest.readUnsignedByte()); // compression
        ByteBuf extensions =
                rest.isReadable() ? rest.readSlice(rest.readUnsignedShort()) : rest.readSlice(rest.readableBytes());
        while (extensions.isReadable()) {
            int type = extensions.readUnsignedShort();
            ByteBuf content = extensions.readSlice(extensions.readUnsignedShort());
            if (type == ALPN) {
                return offersHttp(content.readSlice(content.readUnsignedShort()));
            }
        }
        return true;
    }

    private static boolean offersHttp(ByteBuf protocols) {
        while (protocols.isReadable()) {
            int length = protocols.readUnsignedByte();
            if (protocols
                    .readCharSequence(length, StandardCharsets.US_ASCII)
                    .toString()
                    .equals(HTTP_1)) {
                return true;
            }
        }
        return false;
    }
}
