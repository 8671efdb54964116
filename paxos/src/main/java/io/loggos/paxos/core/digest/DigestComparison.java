package io.loggos.paxos.core.digest;

import io.loggos.api.NodeId;
import io.loggos.paxos.core.model.Configuration;
import io.loggos.paxos.core.model.DigestMark;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The marks of all voters, and the judgement of one voter about itself (RULES.md B-8).
 *
 * <p>Voters with equal digests at a slot are a group. A voter in the group of a quorum is right. One outside of it has
 * diverged. Without a quorum the largest group is right, and on a tie nobody is. That is judged once all voters have
 * said theirs, or after a time of patience.
 *
 * <p>The digest of answers covers all earlier slots. So after an agreement with a quorum, earlier slots do not matter.
 */
public final class DigestComparison {
    /** The number of marks of a voter that are kept. Older ones are forgotten. */
    public static final int KEPT = 64;

    /** The subject of a digest. */
    public enum Subject {
        ANSWERS("answers"),
        STATE("state");

        private final String text;

        Subject(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /**
     * This voter has another digest than the others.
     *
     * @param fromSlot the first slot that may be the cause, behind the last one at which it agreed with a quorum
     * @param throughSlot the slot of the differing digests
     * @param equal the number of voters with its digest, itself included
     * @param others the number of voters in the largest other group
     */
    public record Divergence(long fromSlot, long throughSlot, Subject subject, int equal, int others) {
        @Override
        public String toString() {
            return "DIVERGED in slots " + fromSlot + " to " + throughSlot + ": its digest of the " + subject
                    + " is that of " + equal + " replicas, and another one that of " + others;
        }
    }

    private final Configuration configuration;
    private final long everySlots;
    private final long patienceNanos;
    private final int self;
    /** The marks of each voter. The place of a mark follows from its slot. */
    private final DigestMark[][] marks;

    private long newestOwn;
    private long agreedSlot;
    /** The time since which a difference is not decided. {@link Long#MAX_VALUE} if there is none. */
    private long openSinceNanos = Long.MAX_VALUE;

    /**
     * Creates an empty comparison.
     *
     * @param everySlots the distance between the slots that are compared, above 0
     * @param patienceNanos the time to wait for voters that have not said theirs, if there is no quorum
     */
    public DigestComparison(NodeId self, Configuration configuration, long everySlots, long patienceNanos) {
        this.configuration = configuration;
        this.everySlots = everySlots;
        this.patienceNanos = patienceNanos;
        this.self = configuration.voters().indexOf(self);
        this.marks = new DigestMark[configuration.voters().size()][KEPT];
    }

    /** Takes a mark of a voter. A later mark of the same slot replaces it. Marks of other slots and nodes are ignored. */
    public void add(NodeId voter, DigestMark mark) {
        int who = configuration.voters().indexOf(voter);
        if (who < 0 || mark.slot() < 1 || mark.slot() % everySlots != 0) {
            return;
        }
        marks[who][placeOf(mark.slot())] = mark;
        if (who == self) {
            newestOwn = Math.max(newestOwn, mark.slot());
        }
    }

    /** Forgets the marks of this voter, because another replica's state has replaced its state. */
    public void forgetOwn() {
        marks[self] = new DigestMark[KEPT];
        newestOwn = 0;
        openSinceNanos = Long.MAX_VALUE;
    }

    /** The last slot at which this voter has agreed with a quorum, or 0. */
    public long agreedSlot() {
        return agreedSlot;
    }

    /** True if there is a difference that waits for further marks. */
    public boolean isOpen() {
        return openSinceNanos != Long.MAX_VALUE;
    }

    /** The marks of this voter, by slot. */
    public List<DigestMark> own() {
        List<DigestMark> own = new ArrayList<>();
        for (long slot = oldestOwn(); slot <= newestOwn; slot += everySlots) {
            DigestMark mark = at(self, slot);
            if (mark != null) {
                own.add(mark);
            }
        }
        return own;
    }

    /** Compares all slots that are not agreed yet. Null if this voter has not diverged, as far as is known. */
    public @Nullable Divergence judge(long nowNanos) {
        boolean late = isOpen() && nowNanos - openSinceNanos >= patienceNanos;
        boolean open = false;
        for (long slot = Math.max(oldestOwn(), nextBehind(agreedSlot)); slot <= newestOwn; slot += everySlots) {
            DigestMark own = at(self, slot);
            if (own == null) {
                continue;
            }
            for (Subject subject : Subject.values()) {
                Count count = count(slot, own, subject);
                if (count.isWrong(late)) {
                    return new Divergence(agreedSlot + 1, slot, subject, count.equal, count.others);
                }
                open |= count.isOpen(late);
            }
            if (agreesWithQuorum(slot, own)) {
                agreedSlot = slot;
                open = false;
            }
        }
        if (!open) {
            openSinceNanos = Long.MAX_VALUE;
        } else if (!isOpen()) {
            openSinceNanos = nowNanos;
        }
        return null;
    }

    /** The voters at one slot, as one of them sees them. */
    private final class Count {
        private int known;
        private int equal;
        private int others;

        /** True if this voter's group is not the right one. */
        boolean isWrong(boolean late) {
            boolean decided = known == marks.length || late;
            return configuration.isQuorum(others) || (decided && others >= equal);
        }

        /** True if there is a difference, and further marks may show that this voter's group is wrong. */
        boolean isOpen(boolean late) {
            return others > 0 && !configuration.isQuorum(equal) && known < marks.length && !late;
        }
    }

    /** Counts the groups by answers; or those by state, among the voters with the same answers. */
    private Count count(long slot, DigestMark own, Subject subject) {
        Count count = new Count();
        for (int voter = 0; voter < marks.length; voter++) {
            DigestMark mark = at(voter, slot);
            if (mark == null) {
                continue;
            }
            count.known++;
            if (subject == Subject.STATE && mark.answers() != own.answers()) {
                continue;
            }
            boolean differs = subject == Subject.ANSWERS ? mark.answers() != own.answers() : mark.differsInState(own);
            if (differs) {
                count.others = Math.max(count.others, groupOf(slot, mark, subject));
            } else {
                count.equal++;
            }
        }
        return count;
    }

    /** The number of voters that have the digest of this mark. */
    private int groupOf(long slot, DigestMark mark, Subject subject) {
        int size = 0;
        for (int voter = 0; voter < marks.length; voter++) {
            DigestMark other = at(voter, slot);
            if (other != null
                    && other.answers() == mark.answers()
                    && (subject == Subject.ANSWERS || other.state().equals(mark.state()))) {
                size++;
            }
        }
        return size;
    }

    private boolean agreesWithQuorum(long slot, DigestMark own) {
        int agreeing = 0;
        for (int voter = 0; voter < marks.length; voter++) {
            DigestMark mark = at(voter, slot);
            agreeing += mark != null && mark.agrees(own) ? 1 : 0;
        }
        return configuration.isQuorum(agreeing);
    }

    private @Nullable DigestMark at(int voter, long slot) {
        DigestMark mark = marks[voter][placeOf(slot)];
        return mark != null && mark.slot() == slot ? mark : null;
    }

    private int placeOf(long slot) {
        return (int) (slot / everySlots % KEPT);
    }

    private long oldestOwn() {
        return Math.max(everySlots, newestOwn - (KEPT - 1) * everySlots);
    }

    private long nextBehind(long slot) {
        return (slot / everySlots + 1) * everySlots;
    }
}
