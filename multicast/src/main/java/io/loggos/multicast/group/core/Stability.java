package io.loggos.multicast.group.core;

import io.loggos.api.group.ViewId;
import java.util.Arrays;

/**
 * How far the others have come with this member's own packets in one view: what all have received is stable, and what
 * all their applications have taken is credit again. It lives as long as the view, so that no acknowledgement of an
 * earlier one ever counts (rules V-3).
 */
final class Stability {
    private final ViewId view;
    private final int self;
    private final long[] received;
    private final long[] consumed;
    /** When the slowest member last took something, or had nothing to take. */
    private long movedNanos;

    Stability(GroupView view, int self, long now) {
        this.view = view.id();
        this.self = self;
        received = new long[view.size()];
        consumed = new long[view.size()];
        movedNanos = now;
    }

    /** An acknowledgement of a member, of this view. */
    boolean onAck(int rank, GroupMessage.Ack ack, long sent, long now) {
        if (!ack.view().equals(view) || ack.received() > sent || ack.consumed() > ack.received()) {
            return false;
        }
        long before = consumedByAll();
        received[rank] = Math.max(received[rank], ack.received());
        consumed[rank] = Math.max(consumed[rank], ack.consumed());
        moved(before, now);
        return true;
    }

    /** This member's own application has taken its packets up to here. */
    void consumedHere(long through, long now) {
        long before = consumedByAll();
        consumed[self] = Math.max(consumed[self], through);
        moved(before, now);
    }

    /** How many packets a member is known to have received. */
    long received(int rank) {
        return received[rank];
    }

    /** How many packets all have received, of so many that were sent. */
    long stable(long sent) {
        long least = sent;
        for (int rank = 0; rank < received.length; rank++) {
            if (rank != self) {
                least = Math.min(least, received[rank]);
            }
        }
        return least;
    }

    /** How many packets all applications have taken. */
    long consumedByAll() {
        long least = Long.MAX_VALUE;
        for (long each : consumed) {
            least = Math.min(least, each);
        }
        return least;
    }

    /** Who is the furthest behind. */
    int slowest() {
        int slowest = 0;
        for (int rank = 1; rank < consumed.length; rank++) {
            if (consumed[rank] < consumed[slowest]) {
                slowest = rank;
            }
        }
        return slowest;
    }

    /** For how long the slowest has taken nothing. */
    long standingStillNanos(long now) {
        return now - movedNanos;
    }

    /** Nothing keeps anybody waiting now. */
    void pardon(long now) {
        movedNanos = now;
    }

    private void moved(long before, long now) {
        if (consumedByAll() > before) {
            movedNanos = now;
        }
    }

    @Override
    public String toString() {
        return "received " + Arrays.toString(received) + ", consumed " + Arrays.toString(consumed);
    }
}
