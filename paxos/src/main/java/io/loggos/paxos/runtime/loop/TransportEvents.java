package io.loggos.paxos.runtime.loop;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.node.TransportOptions;
import io.loggos.api.spi.Transport;
import io.loggos.internal.codec.MalformedException;
import io.loggos.multicast.core.Links;
import io.loggos.paxos.runtime.bulk.BulkServer;
import io.loggos.paxos.runtime.events.PeerWatch;
import io.loggos.paxos.runtime.members.JoinRequest;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns reports of the transport into events of the loop.
 *
 * <p>A peer that sends more than its window allows, faster than the loop takes it, loses its connection. So no peer can
 * fill the memory.
 */
public final class TransportEvents implements Transport.Listener {
    private static final Logger LOGGER = LoggerFactory.getLogger(TransportEvents.class);
    private static final int FRAME_OVERHEAD_BYTES = 64;

    private final NodeEvents events;
    private final Links links;
    private final BulkServer bulk;
    private final PeerWatch watch;
    private final UnaryOperator<Bytes> joins;
    private final long mostQueuedBytes;
    /** The size of what was received and the loop has not taken, also over connections that have ended. */
    private final AtomicLong inboxBytes = new AtomicLong();

    private volatile long mostInboxBytes;
    private final Map<Transport.Connection, AtomicLong> queuedBytes = new ConcurrentHashMap<>();

    /**
     * Creates the receiver of the reports of a transport.
     *
     * @param joins answers requests of nodes that want to join
     * @param peers the number of peers, for whose frames there is room
     */
    public TransportEvents(
            NodeEvents events,
            Links links,
            BulkServer bulk,
            PeerWatch watch,
            UnaryOperator<Bytes> joins,
            TransportOptions options,
            int peers) {
        this.events = events;
        this.links = links;
        this.bulk = bulk;
        this.watch = watch;
        this.joins = joins;
        this.mostQueuedBytes = options.windowBytes() + 2L * options.maxFrameBytes();
        this.mostInboxBytes = (peers + 1) * mostQueuedBytes;
    }

    /** Makes room for what so many peers may send. Any thread. */
    public void peers(int count) {
        mostInboxBytes = (count + 1) * mostQueuedBytes;
    }

    /** The size of what was received and the loop has not taken, in bytes. Any thread. */
    public long inboxBytes() {
        return inboxBytes.get();
    }

    @Override
    public void connected(NodeId peer, Transport.Connection connection) {
        queuedBytes.put(connection, new AtomicLong());
        events.deliver(now -> links.onConnected(peer, connection, now));
    }

    @Override
    public void connectFailed(NodeId peer, String reason) {
        events.deliver(now -> {
            watch.connectFailed(peer, reason, now);
            links.onConnectFailed(peer, reason, now);
        });
    }

    @Override
    public void accepted(Transport.Connection connection) {
        if (inboxBytes.get() > mostInboxBytes) {
            // What came over ended connections waits for the loop, too. Peers that connect again must not add to it.
            connection.close("too much waits to be taken");
            return;
        }
        queuedBytes.put(connection, new AtomicLong());
        events.deliver(now -> links.onAccepted(connection, now));
    }

    @Override
    public void received(Transport.Connection connection, Bytes frame) {
        AtomicLong queued = queuedBytes.get(connection);
        long bytes = FRAME_OVERHEAD_BYTES + (long) frame.size();
        if (queued == null) {
            return;
        }
        if (queued.addAndGet(bytes) > mostQueuedBytes) {
            queuedBytes.remove(connection);
            connection.close("more is under way than the window allows");
            return;
        }
        inboxBytes.addAndGet(bytes);
        events.deliver(now -> {
            queued.addAndGet(-bytes);
            inboxBytes.addAndGet(-bytes);
            links.onFrame(connection, frame, now);
        });
    }

    @Override
    public void closed(Transport.Connection connection, String reason) {
        LOGGER.debug("a connection has ended: {}", reason);
        queuedBytes.remove(connection);
        events.deliver(now -> links.onClosed(connection, reason, now));
    }

    @Override
    public @Nullable Bytes requested(Bytes request) {
        return JoinRequest.is(request) ? requestedByStranger(request) : bulk.answer(request);
    }

    @Override
    public @Nullable Bytes requestedByStranger(Bytes request) {
        try {
            return JoinRequest.is(request) ? joins.apply(request) : null;
        } catch (MalformedException e) {
            LOGGER.debug("a request to join cannot be read", e);
            return null;
        }
    }
}
