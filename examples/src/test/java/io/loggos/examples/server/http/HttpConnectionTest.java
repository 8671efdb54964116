package io.loggos.examples.server.http;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import io.grpc.netty.shaded.io.netty.channel.ChannelFuture;
import io.grpc.netty.shaded.io.netty.channel.embedded.EmbeddedChannel;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpServerCodec;
import io.grpc.netty.shaded.io.netty.handler.flow.FlowControlHandler;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The times after which a connection of HTTP/1.1 ends. Time is the channel's own. */
class HttpConnectionTest {
    private boolean takesLong;
    private boolean gone;

    /** Answers at once what has no body. */
    private final class Asked implements Exchange {
        @Override
        public boolean mayTakeLong() {
            return takesLong;
        }

        @Override
        public boolean wantsBody() {
            return true;
        }

        @Override
        public void body(ByteBuf part, boolean isLast) {}

        @Override
        public void writable() {}

        @Override
        public void gone() {
            gone = true;
        }
    }

    private final EmbeddedChannel channel = channel();

    private EmbeddedChannel channel() {
        EmbeddedChannel made = new EmbeddedChannel();
        made.freezeTime();
        made.config().setAutoRead(false);
        made.pipeline()
                .addLast(
                        new HttpServerCodec(),
                        new FlowControlHandler(),
                        new HttpConnection(new Origins(Set.of()), (request, reply) -> {
                            if (request.uri().equals("/now")) {
                                ChannelFuture unused = reply.whole(200, "text/plain", "now\n");
                            }
                            return new Asked();
                        }));
        return made;
    }

    private void send(String text) {
        channel.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
    }

    private void after(long seconds) {
        channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
        channel.runPendingTasks();
    }

    @Test
    void silenceEndsAConnection() {
        send("GET /now HT");
        after(9);
        assertTrue(channel.isOpen());
        after(2);
        assertFalse(channel.isOpen());
    }

    @Test
    void aRequestIsAwaitedForLongAfterTheFirst() {
        send("GET /now HTTP/1.1\r\n\r\n");
        after(599);
        assertTrue(channel.isOpen());
        send("GET /now HTTP/1.1\r\n\r\n");
        after(599);
        assertTrue(channel.isOpen());
        after(2);
        assertFalse(channel.isOpen());
    }

    @Test
    void aBodyThatDoesNotComeEndsAConnection() {
        send("POST /later HTTP/1.1\r\nContent-Length: 10\r\n\r\n12345");
        after(59);
        assertTrue(channel.isOpen());
        after(2);
        assertFalse(channel.isOpen());
        assertTrue(gone);
    }

    @Test
    void aStreamOfRequestsMayBeSilentAndSoMayALongAnswer() {
        takesLong = true;
        send("POST /later HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n");
        after(100_000);
        assertTrue(channel.isOpen());
        send("0\r\n\r\n");
        after(100_000);
        assertTrue(channel.isOpen());
    }

    @Test
    void theRestOfABodyThatNobodyWantsIsAwaitedForAMoment() {
        send("POST /now HTTP/1.1\r\nContent-Length: 10\r\n\r\n12345");
        assertTrue(channel.isOpen());
        after(2);
        assertFalse(channel.isOpen());
    }
}
