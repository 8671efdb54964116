package io.loggos.multicast.core;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.spi.Transport.Connection;
import io.loggos.multicast.Invariants;
import io.loggos.multicast.wire.DataFrame;
import io.loggos.multicast.wire.Frame.Ack;
import io.loggos.multicast.wire.Frame.Welcome;
import org.jspecify.annotations.Nullable;

/**
 * Sending end of the link to one peer.
 *
 * <p>It holds the generation, the messages that the peer may not have yet, and how much of them is on its way.
 * {@link Dialler} holds the connection.
 *
 * <p>A generation begins with a Welcome and only there. Before the first Welcome there is nobody to keep messages for.
 * A peer whose buffer overflows does not keep up, and loses its connection.
 */
final class OutgoingLink {
    /**
     * A frame takes no further message beyond this size.
     *
     * <p>At this size the fixed cost of a frame is negligible. A larger frame falls out of a processor's cache between
     * two copies. The collector treats an array of half a megabyte as a special case.
     */
    private static final int FULL_BYTES = 256 << 10;

    private final NodeId peer;
    private final LinkSettings settings;

    /** Messages above {@code acknowledged}; those up to {@code sent} were given to a connection. */
    private final MessageBuffer buffer = new MessageBuffer();

    /** The present generation or, if it is not open, the last one; 0 before the first. */
    private long generation;
    /** True if messages are taken; if not, the buffer is empty. */
    private boolean open;
    /** Life of the peer's process that the generation was begun with. */
    private long peerLife;
    /** buffer.first − 1: the peer has received up to here. */
    private long acknowledged;
    /** acknowledged ≤ sent ≤ buffer.last: given to the present connection, or received over an earlier one. */
    private long sent;
    /** Sizes of the messages acknowledged + 1 … sent, which the window bounds. */
    private long inFlightBytes;
    /** Number of messages that were dropped, over all generations. */
    private long dropped;

    OutgoingLink(NodeId peer, LinkSettings settings) {
        this.peer = peer;
        this.settings = settings;
    }

    long generation() {
        return generation;
    }

    long queued() {
        return buffer.last();
    }

    long acknowledged() {
        return acknowledged;
    }

    long bufferedBytes() {
        return buffer.bytes();
    }

    long inFlightBytes() {
        return inFlightBytes;
    }

    long dropped() {
        return dropped;
    }

    /** Queues a message; returns false if that ended the generation, since the buffer is full. */
    boolean send(Bytes head, Bytes body) {
        if (!open) {
            dropped++;
            return true;
        }
        if (buffer.bytes() + MessageBuffer.cost(head, body) > settings.options().bufferBytes()) {
            dropped++;
            end();
            return false;
        }
        buffer.add(head, body);
        return true;
    }

    /** Goes on over a connection that the peer welcomed; returns whether that begins a new generation. */
    boolean welcomed(Welcome welcome) {
        boolean resumes =
                open && settings.rules().resumes(welcome.life() == peerLife, generation, acknowledged, sent, welcome);
        if (resumes) {
            long received = welcome.generation() == generation ? welcome.received() : acknowledged;
            acknowledge(received);
            sent = settings.rules().resumeAt(received) - 1;
        } else {
            end();
            generation = Math.max(generation, welcome.generation()) + 1;
            open = true;
            peerLife = welcome.life();
        }
        inFlightBytes = 0;
        return !resumes;
    }

    /** Announces the generation and the next message, with as many messages as the window permits. */
    void announce(Connection connection) {
        if (!flush(connection)) {
            connection.send(frame().toPieces());
        }
    }

    /** Sends what the window permits; returns whether that was anything. */
    boolean flush(Connection connection) {
        int fullBytes = Math.min(FULL_BYTES, settings.options().maxFrameBytes());
        boolean any = false;
        while (sent < buffer.last() && windowAdmits(buffer.size(sent + 1))) {
            DataFrame frame = frame();
            do {
                long number = ++sent;
                inFlightBytes += buffer.size(number);
                frame.add(buffer.head(number), buffer.body(number));
            } while (sent < buffer.last()
                    && windowAdmits(buffer.size(sent + 1))
                    && frame.fits(buffer.size(sent + 1), fullBytes));
            connection.send(frame.toPieces());
            any = true;
        }
        return any;
    }

    private DataFrame frame() {
        return new DataFrame(generation, sent + 1, settings.roster().syncedWrites());
    }

    /** Forgets what the peer has received; returns what is wrong with the acknowledgement, or null. */
    @Nullable
    String ack(Ack ack) {
        if (ack.generation() != generation) {
            return null;
        }
        if (ack.received() > sent) {
            return "message " + ack.received() + " is acknowledged, " + sent + " were sent";
        }
        acknowledge(ack.received());
        return null;
    }

    void checkInvariants() {
        Invariants.check(acknowledged == buffer.first() - 1, "the buffer begins behind the acknowledged messages");
        Invariants.check(acknowledged <= sent && sent <= buffer.last(), "numbers out of order");
        Invariants.check(inFlightBytes >= 0 && inFlightBytes <= buffer.bytes(), "more in flight than kept");
        Invariants.check(buffer.bytes() <= settings.options().bufferBytes(), "the buffer is too large");
        Invariants.check(open || buffer.last() == 0, "messages to " + peer + " without a generation");
    }

    /**
     * True if the window admits a message. One message alone may always go: it fits a frame, and a frame fits the
     * window.
     */
    private boolean windowAdmits(long size) {
        return inFlightBytes == 0 || inFlightBytes + size <= settings.options().windowBytes();
    }

    private void acknowledge(long received) {
        for (long number = acknowledged + 1; number <= Math.min(received, sent); number++) {
            inFlightBytes -= buffer.size(number);
        }
        buffer.dropThrough(received);
        acknowledged = Math.max(acknowledged, received);
    }

    private void end() {
        dropped += buffer.last() - acknowledged;
        buffer.clear();
        open = false;
        acknowledged = 0;
        sent = 0;
        inFlightBytes = 0;
    }
}
