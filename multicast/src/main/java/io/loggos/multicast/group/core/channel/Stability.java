package io.loggos.multicast.group.core.channel;

import io.loggos.api.group.ViewId;
import io.loggos.multicast.group.core.model.GroupMessage;
import io.loggos.multicast.group.core.model.GroupView;
import java.util.Arrays;

/**
 * Progress of the other members with this member's own packets in one view.
 *
 * <p>Packets that all have received are stable. Packets that all applications have taken are credit again. It lives as
 * long as the view, so that no acknowledgement of an earlier one ever counts (RULES.md V-3).
 */
final class Stability {
    private final ViewId view;
    private final int self;
    private final long[] received;
    private final long[] consumed;
    /** Time at which the slowest member last took something, or had nothing to take. */
    private long movedNanos;

    Stability(GroupView view, int self, long now) {
        this.view = view.id();
        this.self = self;
        received = new long[view.size()];
        consumed = new long[view.size()];
        movedNanos = now;
    }

    /** Takes an acknowledgement of a member; false if it is not of this view, or impossible. */
    boolean onReceived(int rank, GroupMessage.Received ack, long sent, long now) {
        if (!ack.view().equals(view)
                || ack.received() > sent
                || ack.consumed() > ack.received()
                || ack.taken() > ack.consumed()) {
            return false;
        }
        long before = consumedByAll();
        received[rank] = Math.max(received[rank], ack.received());
        consumed[rank] = Math.max(consumed[rank], ack.consumed());
        moved(before, now);
        return true;
    }

    /** Notes that this member's own application has taken its packets up to this number. */
    void consumedHere(long through, long now) {
        long before = consumedByAll();
        consumed[self] = Math.max(consumed[self], through);
        moved(before, now);
    }

    /** Number of packets that a member is known to have received. */
    long received(int rank) {
        return received[rank];
    }

    /** Number of packets of which a member has given the credit back. */
    long consumed(int rank) {
        return consumed[rank];
    }

    /** Number of packets that all have received, of those that were sent. */
    long stable(long sent) {
        long least = sent;
        for (int rank = 0; rank < received.length; rank++) {
            if (rank != self) {
                least = Math.min(least, received[rank]);
            }
        }
        return least;
    }

    /** Number of packets that all applications have taken. */
    long consumedByAll() {
        long least = Long.MAX_VALUE;
        for (long each : consumed) {
            least = Math.min(least, each);
        }
        return least;
    }

    /** Rank of the member that is the furthest behind. */
    int slowest() {
        int slowest = 0;
        for (int rank = 1; rank < consumed.length; rank++) {
            if (consumed[rank] < consumed[slowest]) {
                slowest = rank;
            }
        }
        return slowest;
    }

    /** Time for which the slowest member has taken nothing. */
    long standingStillNanos(long now) {
        return now - movedNanos;
    }

    /** Restarts the patience with the slowest member, since nobody waits now. */
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
