package io.loggos.examples.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import io.grpc.netty.shaded.io.netty.channel.ChannelFuture;
import io.grpc.netty.shaded.io.netty.channel.embedded.EmbeddedChannel;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpServerCodec;
import io.grpc.netty.shaded.io.netty.handler.flow.FlowControlHandler;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The origins that answers allow, as etcd 3.4 does with {@code --cors}. */
class OriginsTest {
    private static final String HERE = "http://here.example";

    @Test
    void anyOriginIsAllowedWithoutAListOrWithAStar() {
        assertEquals("*", new Origins(Set.of()).answer(null));
        assertEquals("*", new Origins(Set.of("*")).answer(HERE));
        assertEquals("*", new Origins(Set.of("*", HERE)).answer("http://there.example"));
    }

    @Test
    void aListAllowsWhatIsOnIt() {
        Origins origins = new Origins(Set.of(HERE));

        assertEquals(HERE, origins.answer(HERE));
        assertNull(origins.answer("http://there.example"));
        assertNull(origins.answer(null));
    }

    @Test
    void anAnswerNamesTheOriginOnlyIfItIsAllowed() {
        assertTrue(headers("Origin: " + HERE + "\r\n").contains("access-control-allow-origin: " + HERE));
        assertTrue(!headers("Origin: http://there.example\r\n").contains("access-control"));
        assertTrue(!headers("").contains("access-control"));
    }

    private static String headers(String header) {
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.config().setAutoRead(false);
        channel.pipeline()
                .addLast(
                        new HttpServerCodec(),
                        new FlowControlHandler(),
                        new HttpConnection(new Origins(Set.of(HERE)), (request, reply) -> {
                            ChannelFuture unused = reply.whole(200, "text/plain", "now\n");
                            return new PageExchange();
                        }));
        channel.writeInbound(Unpooled.copiedBuffer("GET / HTTP/1.1\r\n" + header + "\r\n", StandardCharsets.US_ASCII));
        StringBuilder answer = new StringBuilder();
        for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            answer.append(part.toString(StandardCharsets.US_ASCII));
            part.release();
        }
        channel.finishAndReleaseAll();
        return answer.toString();
    }
}
