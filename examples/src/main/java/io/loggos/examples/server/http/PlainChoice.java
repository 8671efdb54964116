package io.loggos.examples.server.http;

import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.handler.codec.ByteToMessageDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Tells gRPC from HTTP/1.1 on a port without TLS. HTTP/2 begins with {@code PRI}, which is no method of HTTP/1.1 (RFC
 * 9113, 3.4).
 */
final class PlainChoice extends ByteToMessageDecoder {
    private static final byte[] PREFACE = "PRI".getBytes(StandardCharsets.US_ASCII);

    private final ProtocolChoice choice;

    PlainChoice(ProtocolChoice choice) {
        this.choice = choice;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        choice.begin(context.channel());
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf bytes, List<Object> none) {
        int known = Math.min(PREFACE.length, bytes.readableBytes());
        for (int at = 0; at < known; at++) {
            if (bytes.getByte(bytes.readerIndex() + at) != PREFACE[at]) {
                choice.chooseHttp(context.channel(), this);
                return;
            }
        }
        if (known == PREFACE.length) {
            choice.chooseGrpc(context.channel(), this);
        }
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext context) {
        choice.end();
    }
}
