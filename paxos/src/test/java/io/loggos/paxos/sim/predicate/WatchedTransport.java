package io.loggos.paxos.sim.predicate;

import io.loggos.api.Address;
import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.spi.Transport;
import io.loggos.internal.codec.ByteWriter;
import io.loggos.paxos.runtime.members.JoinRequest;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.SortedMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Shows every frame that a node sends, as one piece, and every answer to a request. */
public final class WatchedTransport implements Transport {
    private final Transport under;
    private final Consumer<Bytes> sent;
    private final BiConsumer<Bytes, Bytes> answered;
    private final IdentityHashMap<Connection, Connection> watched = new IdentityHashMap<>();

    /**
     * Watches a transport.
     *
     * @param answered receives each request of a peer that is answered, and its answer
     */
    public WatchedTransport(Transport under, Consumer<Bytes> sent, BiConsumer<Bytes, Bytes> answered) {
        this.under = under;
        this.sent = sent;
        this.answered = answered;
    }

    @Override
    public void start(Listener listener) {
        under.start(new Listener() {
            @Override
            public void connected(NodeId peer, Connection connection) {
                listener.connected(peer, watch(connection));
            }

            @Override
            public void connectFailed(NodeId peer, String reason) {
                listener.connectFailed(peer, reason);
            }

            @Override
            public void accepted(Connection connection) {
                listener.accepted(watch(connection));
            }

            @Override
            public void received(Connection connection, Bytes frame) {
                listener.received(watch(connection), frame);
            }

            @Override
            public void closed(Connection connection, String reason) {
                listener.closed(watch(connection), reason);
                watched.remove(connection);
            }

            @Override
            public @Nullable Bytes requested(Bytes request) {
                Bytes answer = listener.requested(request);
                if (answer != null && !JoinRequest.is(request)) {
                    answered.accept(request, answer);
                }
                return answer;
            }
        });
    }

    @Override
    public void requestAsStranger(NodeId peer, Bytes request, Consumer<@Nullable Bytes> answer) {
        under.requestAsStranger(peer, request, answer);
    }

    @Override
    public void peers(SortedMap<NodeId, Address> peers) {
        under.peers(peers);
    }

    private Connection watch(Connection connection) {
        return watched.computeIfAbsent(connection, under -> new Connection() {
            @Override
            public void send(List<Bytes> frame) {
                ByteWriter whole = new ByteWriter(256);
                frame.forEach(whole::putRaw);
                sent.accept(whole.toBytes());
                under.send(frame);
            }

            @Override
            public void close(String reason) {
                under.close(reason);
            }
        });
    }

    @Override
    public Address listening() {
        return under.listening();
    }

    @Override
    public void connect(NodeId peer) {
        under.connect(peer);
    }

    @Override
    public void request(NodeId peer, Bytes request, Consumer<@Nullable Bytes> answer) {
        under.request(peer, request, answer);
    }

    @Override
    public void close() {
        under.close();
    }
}
