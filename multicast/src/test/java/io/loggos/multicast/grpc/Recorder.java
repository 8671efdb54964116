package io.loggos.multicast.grpc;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.spi.Transport;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Notes the reports of a transport. */
final class Recorder implements Transport.Listener {
    final List<Transport.Connection> connected = new CopyOnWriteArrayList<>();
    final List<Transport.Connection> accepted = new CopyOnWriteArrayList<>();
    final List<String> failures = new CopyOnWriteArrayList<>();
    final List<Bytes> frames = new CopyOnWriteArrayList<>();
    final List<String> closed = new CopyOnWriteArrayList<>();
    volatile Function<Bytes, @Nullable Bytes> answers = request -> null;

    @Override
    public void connected(NodeId peer, Transport.Connection connection) {
        connected.add(connection);
    }

    @Override
    public void connectFailed(NodeId peer, String reason) {
        failures.add(reason);
    }

    @Override
    public void accepted(Transport.Connection connection) {
        connection.admit();
        accepted.add(connection);
    }

    @Override
    public void received(Transport.Connection connection, Bytes frame) {
        frames.add(frame);
    }

    @Override
    public void closed(Transport.Connection connection, String reason) {
        closed.add(reason);
    }

    @Override
    public @Nullable Bytes requested(Bytes request) {
        return answers.apply(request);
    }
}
