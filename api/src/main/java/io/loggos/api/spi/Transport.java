package io.loggos.api.spi;

import io.loggos.api.Address;
import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Connections between nodes, as a seam: gRPC's, or the simulation's. A connection carries frames both ways,
 * in order and whole, until it breaks; then any tail of them may be lost. Making reliable links out of
 * connections is the business of the layer above.
 */
public interface Transport extends AutoCloseable {
    /**
     * Begins to listen and to report.
     *
     * @throws io.loggos.api.TransportException if the address cannot be listened on
     */
    void start(Listener listener);

    /** Where peers reach this node. */
    Address listening();

    /** Tries once to connect to a peer; the listener learns how it went. */
    void connect(NodeId peer);

    /**
     * Asks a peer outside of the connections, so that a large answer never stands in front of a frame.
     *
     * @param answer takes the answer, or null if there is none, on any thread
     */
    void request(NodeId peer, Bytes request, Consumer<@Nullable Bytes> answer);

    @Override
    void close();

    /** One connection. Methods may be called by any thread, one at a time. */
    interface Connection {
        /** Sends one frame, given in pieces, which must not be changed afterwards. Never blocks. */
        void send(List<Bytes> frame);

        /** Ends the connection. The other end is told the reason. */
        void close(String reason);
    }

    /** What a transport reports, on any thread; for one connection in order. */
    interface Listener {
        /** A connection to a peer that was asked for is open. */
        void connected(NodeId peer, Connection connection);

        /** A connection to a peer could not be opened. */
        void connectFailed(NodeId peer, String reason);

        /** Somebody has connected to this node; who it is, the frames will have to say. */
        void accepted(Connection connection);

        /** A frame has arrived. */
        void received(Connection connection, Bytes frame);

        /** A connection has ended, after all of its frames that arrive were reported. */
        void closed(Connection connection, String reason);

        /** Answers a {@link Transport#request}, on a thread that may block; null if there is no answer. */
        @Nullable
        Bytes requested(Bytes request);
    }
}
