package io.loggos.paxos.core.request;

import io.loggos.api.spi.LogRecord;
import io.loggos.paxos.core.model.PaxosMessage;
import io.loggos.paxos.core.model.ReplicaTimer;
import io.loggos.paxos.core.process.Outbox;

/**
 * The news of one ballot: the chosen slots of which the others have not been told yet.
 *
 * <p>The next accept tells them, too. Only waiting nodes and an idle log need a message for it. A node waits if it has
 * forwarded a command, or if it reads behind a new leader.
 */
public final class PhaseThree {
    /** The number of announcement intervals in a heartbeat: an idle log announces chosen slots sooner than it beats. */
    private static final int ANNOUNCEMENTS_PER_HEARTBEAT = 10;

    private final long waitNanos;
    /** The last slot that the others were told to be chosen. */
    private long told;
    /** The last proposed slot for which another node waits. */
    private long awaitedSlot;
    /** True while the timer of the next announcement is set. */
    private boolean waits;

    public PhaseThree(long heartbeatNanos) {
        waitNanos = heartbeatNanos / ANNOUNCEMENTS_PER_HEARTBEAT;
    }

    /** Begins a ballot in which nobody was told anything. */
    public void begin() {
        told = 0;
        awaitedSlot = 0;
    }

    /** Notes that another node waits for a proposed slot. */
    public void await(long slot) {
        awaitedSlot = slot;
    }

    /** Notes that the others are told of the slots up to this one. */
    public void told(long chosenThrough) {
        told = chosenThrough;
    }

    /**
     * Tells if the others must be told now. Otherwise sets the timer that tells them later, if there is news.
     *
     * @param awaited true if some node waits for a slot, whether or not it is one that this node proposed
     */
    public boolean isDue(boolean awaited, long chosenThrough, long now, Outbox<PaxosMessage, LogRecord> out) {
        boolean news = told < chosenThrough;
        if (awaited || told < awaitedSlot) {
            return news;
        }
        if (news && !waits) {
            waits = true;
            out.timer(ReplicaTimer.ANNOUNCE, now + waitNanos);
        }
        return false;
    }

    /** Ends the wait that {@link #isDue} began. Returns true if there is news. */
    public boolean endWait(long chosenThrough) {
        waits = false;
        return told < chosenThrough;
    }
}
