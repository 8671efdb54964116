package io.loggos.api.spi;

import io.loggos.api.Address;
import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import java.util.List;
import java.util.SortedMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Connections between nodes, by gRPC or in the simulation.
 *
 * <p>A connection carries whole frames both ways, in order, until it breaks. Then a suffix of the frames may be lost.
 * The layer above turns connections into reliable links.
 */
public interface Transport extends AutoCloseable {
    /**
     * Begins to listen and to report.
     *
     * @throws io.loggos.api.TransportException if the node cannot listen on the address
     */
    void start(Listener listener);

    /** The address at which peers reach this node. */
    Address listening();

    /** Replaces the peers that can be reached, and their addresses. Any thread. */
    default void peers(SortedMap<NodeId, Address> peers) {}

    /** Tries once to connect to a peer. The listener receives the result. */
    void connect(NodeId peer);

    /**
     * Sends a request to a peer outside of the connections, so that a large answer does not delay frames.
     *
     * @param answer receives the answer, or null if there is none, on any thread
     */
    void request(NodeId peer, Bytes request, Consumer<@Nullable Bytes> answer);

    /**
     * Sends a request of a node that the peer does not know as one. {@link Listener#requestedByStranger} answers it.
     *
     * @param answer as in {@link #request}
     */
    default void requestAsStranger(NodeId peer, Bytes request, Consumer<@Nullable Bytes> answer) {
        request(peer, request, answer);
    }

    @Override
    void close();

    /** The evidence of a transport that an end of a connection is a certain node. */
    enum Evidence {
        /** The transport knows nothing of the other end. */
        NONE,
        /** The other end has a certificate of that node, and the key to it. */
        FOR,
        /** The other end has a certificate, and it is not that node's. */
        AGAINST
    }

    /** One connection. Any thread may call the methods, one at a time. */
    interface Connection {
        /** Sends one frame, given in pieces. The pieces must not change afterwards. Never blocks. */
        void send(List<Bytes> frame);

        /** Ends the connection. The other end receives the reason. */
        void close(String reason);

        /** The evidence, from below the frames, that the other end is this node. */
        default Evidence evidence(NodeId node) {
            return Evidence.NONE;
        }

        /** The other end as a log should name it: its address, and its certificate if it has one. May be empty. */
        default String otherEnd() {
            return "";
        }

        /**
         * Lets the other end send all that it likes. Until then an end that has dialled this node may send one frame.
         */
        default void admit() {}
    }

    /** Receives the events of a transport, on any thread. The events of one connection come in order. */
    interface Listener {
        /** Reports that a requested connection to a peer is open. */
        void connected(NodeId peer, Connection connection);

        /** Reports that a requested connection to a peer could not be opened. */
        void connectFailed(NodeId peer, String reason);

        /** Reports that a node has connected to this one. The frames will say which node it is. */
        void accepted(Connection connection);

        /** Reports that a frame has arrived. */
        void received(Connection connection, Bytes frame);

        /** Reports that a connection has ended, after the last of its frames that arrived. */
        void closed(Connection connection, String reason);

        /** Answers a {@link Transport#request}, on a thread that may block. Null means that there is no answer. */
        @Nullable
        Bytes requested(Bytes request);

        /** Answers a request of a node that is none of the peers, and whose proofs are as good as theirs. */
        default @Nullable Bytes requestedByStranger(Bytes request) {
            return null;
        }
    }
}
