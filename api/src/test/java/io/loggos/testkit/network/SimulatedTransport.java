package io.loggos.testkit.network;

import io.loggos.api.Address;
import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.spi.Transport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Transport of one life of one node on the {@link SimulatedNetwork}. */
final class SimulatedTransport implements Transport {
    /** Time after which a request that is not answered is given up. */
    private static final long REQUEST_TIMEOUT_NANOS = 5_000_000_000L;

    private final SimulatedNetwork network;
    private final NodeId node;
    private Transport.@Nullable Listener listener;

    SimulatedTransport(SimulatedNetwork network, NodeId node) {
        this.network = network;
        this.node = node;
    }

    NodeId node() {
        return node;
    }

    Transport.Listener listener() {
        if (listener == null) {
            throw new IllegalStateException(node + " was not started");
        }
        return listener;
    }

    @Override
    public void start(Listener listener) {
        this.listener = listener;
        network.started(this);
    }

    @Override
    public Address listening() {
        return new Address(node + ".sim", 7000);
    }

    @Override
    public void connect(NodeId peer) {
        if (!running()) {
            return;
        }
        if (network.isCut(node, peer) || network.isCut(peer, node)) {
            if (network.random().nextBoolean()) {
                failLater(peer, "timed out");
            }
            return;
        }
        network.time().after(network.delayNanos(node, peer, 0), () -> reach(peer));
    }

    @Override
    public void request(NodeId peer, Bytes request, Consumer<@Nullable Bytes> answer) {
        if (network.isCut(node, peer) || network.bulkFails()) {
            network.time().after(REQUEST_TIMEOUT_NANOS, () -> network.call(this, () -> answer.accept(null)));
            return;
        }
        network.time().after(network.delayNanos(node, peer, request.size()), () -> {
            SimulatedTransport other = network.running(peer);
            if (other == null) {
                answerLater(peer, null, answer);
            } else {
                network.call(other, () -> answerLater(peer, other.listener().requested(request), answer));
            }
        });
    }

    @Override
    public void close() {
        network.closed(this);
    }

    /** The call has arrived where the peer is, or should be. */
    private void reach(NodeId peer) {
        SimulatedTransport other = network.running(peer);
        if (other == null) {
            failLater(peer, "connection refused");
            return;
        }
        if (network.isCut(node, peer)) {
            return;
        }
        SimulatedConnection connection = new SimulatedConnection(network, this, other);
        network.opened(connection);
        connection.established(network.delayNanos(peer, node, 0));
    }

    private void answerLater(NodeId peer, @Nullable Bytes answer, Consumer<@Nullable Bytes> taker) {
        if (network.isCut(peer, node)) {
            network.time().after(REQUEST_TIMEOUT_NANOS, () -> network.call(this, () -> taker.accept(null)));
            return;
        }
        Bytes arriving = answer != null && !answer.isEmpty() && network.bulkIsCorrupt() ? corrupted(answer) : answer;
        long delay = network.delayNanos(peer, node, answer == null ? 0 : answer.size());
        network.time().after(delay, () -> network.call(this, () -> taker.accept(arriving)));
    }

    private Bytes corrupted(Bytes sound) {
        byte[] bytes = sound.toByteArray();
        bytes[network.random().nextInt(bytes.length)] ^=
                (byte) (1 << network.random().nextInt(8));
        return Bytes.wrap(bytes);
    }

    private void failLater(NodeId peer, String reason) {
        long delay = network.delayNanos(peer, node, 0);
        network.time().after(delay, () -> network.call(this, () -> listener().connectFailed(peer, reason)));
    }

    private boolean running() {
        return network.running(node) == this;
    }
}
