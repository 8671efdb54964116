package io.loggos.multicast.grpc.guard;

import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelFuture;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelInboundHandlerAdapter;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslHandler;
import io.grpc.netty.shaded.io.netty.util.ReferenceCountUtil;
import io.grpc.netty.shaded.io.netty.util.concurrent.Future;
import io.grpc.netty.shaded.io.netty.util.concurrent.ScheduledFuture;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Looks at the first byte of a connection, and ends one that is not as the port wants it. Reports the failure of a TLS
 * handshake.
 *
 * <p>Who speaks plaintext is told in HTTP/2 that TLS is required. Who speaks TLS to a plain port has seen by then that
 * no TLS came back.
 */
final class FirstBytes extends ChannelInboundHandlerAdapter {
    private static final int TLS_HANDSHAKE = 0x16;
    /** Empty SETTINGS of HTTP/2, with which a server begins (RFC 9113, 3.4). */
    private static final byte[] SETTINGS = {0, 0, 0, 4, 0, 0, 0, 0, 0};

    private static final long LINGER_MILLIS = 500;
    private static final int GOAWAY = 7;
    private static final int INADEQUATE_SECURITY = 12;

    private final boolean tls;
    private final Consumer<String> refused;
    private boolean right;
    private boolean wrong;

    FirstBytes(boolean tls, Consumer<String> refused) {
        this.tls = tls;
        this.refused = refused;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (wrong) {
            ReferenceCountUtil.release(message);
            return;
        }
        if (!(message instanceof ByteBuf bytes) || !bytes.isReadable()) {
            context.fireChannelRead(message);
            return;
        }
        boolean isTls = bytes.getUnsignedByte(bytes.readerIndex()) == TLS_HANDSHAKE;
        if (right || isTls == tls) {
            right = true;
            // Whoever comes next may choose by these bytes which TLS there is to watch.
            context.fireChannelRead(message);
            if (!context.isRemoved() && (!tls || watches(context))) {
                context.pipeline().remove(this);
            }
            return;
        }
        ReferenceCountUtil.release(message);
        refused.accept(tls ? "it sends plaintext, and this port wants TLS" : "it speaks TLS, and this port has none");
        wrong = true;
        // What comes meanwhile is read and dropped: a connection that is closed over unread bytes loses the answer.
        ChannelFuture unused = context.writeAndFlush(tls ? goaway() : Unpooled.EMPTY_BUFFER);
        Runnable end = () -> {
            ChannelFuture unusedClose = context.close();
        };
        ScheduledFuture<?> unusedEnd = context.executor().schedule(end, LINGER_MILLIS, TimeUnit.MILLISECONDS);
    }

    private boolean watches(ChannelHandlerContext context) {
        SslHandler handler = context.pipeline().get(SslHandler.class);
        if (handler == null) {
            return false;
        }
        Future<Channel> unused = handler.handshakeFuture().addListener(future -> {
            Throwable cause = future.cause();
            if (cause != null) {
                refused.accept("TLS failed: " + Causes.innermost(cause));
            }
        });
        return true;
    }

    private static ByteBuf goaway() {
        byte[] text = "TLS is required".getBytes(StandardCharsets.US_ASCII);
        return Unpooled.buffer()
                .writeBytes(SETTINGS)
                .writeMedium(8 + text.length)
                .writeByte(GOAWAY)
                .writeByte(0)
                .writeInt(0)
                .writeInt(0)
                .writeInt(INADEQUATE_SECURITY)
                .writeBytes(text);
    }
}
