package io.loggos.examples.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.Test;

/** The protocol that the first message of TLS asks for, as Java's own client writes it. */
class TlsChoiceTest {
    private static final int RECORD_BYTES = 5;
    private static final int HANDSHAKE_BYTES = 4;

    @Test
    void onlyClientsThatOfferHttp2AloneGetGrpc() throws Exception {
        assertEquals(false, TlsChoice.isHttp(hello("h2")));
        assertEquals(false, TlsChoice.isHttp(hello("grpc-exp", "h2")));
        assertEquals(true, TlsChoice.isHttp(hello("h2", "http/1.1")));
        assertEquals(true, TlsChoice.isHttp(hello("http/1.1")));
        assertEquals(true, TlsChoice.isHttp(hello()));
    }

    private static ByteBuf hello(String... protocols) throws Exception {
        SSLEngine engine = SSLContext.getDefault().createSSLEngine("localhost", 1);
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setApplicationProtocols(protocols);
        engine.setSSLParameters(parameters);
        ByteBuffer record = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(ByteBuffer.allocate(0), record);
        record.flip();
        return Unpooled.wrappedBuffer(record).skipBytes(RECORD_BYTES + HANDSHAKE_BYTES);
    }
}
