package io.loggos.multicast.core;

import io.loggos.api.Bytes;
import io.loggos.api.spi.Transport;
import io.loggos.internal.codec.ByteWriter;
import io.loggos.multicast.wire.Frame;
import io.loggos.multicast.wire.FrameCodec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A connection whose other end is the test. */
final class FakeConnection implements Transport.Connection {
    final List<Frame> sent = new ArrayList<>();
    long sentBytes;

    @Nullable
    String closed;

    @Override
    public void send(List<Bytes> frame) {
        ByteWriter out = new ByteWriter(64);
        frame.forEach(out::putRaw);
        sentBytes += out.size();
        sent.add(FrameCodec.decode(out.toBytes()));
    }

    @Override
    public void close(String reason) {
        closed = reason;
    }

    <F extends Frame> List<F> sent(Class<F> kind) {
        return sent.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    <F extends Frame> F last(Class<F> kind) {
        List<F> all = sent(kind);
        return all.get(all.size() - 1);
    }
}
