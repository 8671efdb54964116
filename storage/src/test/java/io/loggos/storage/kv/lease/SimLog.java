package io.loggos.storage.kv.lease;

import io.loggos.api.Ballot;
import io.loggos.api.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A log in virtual time, with one leader at a time that stamps what it chooses (RULES.md SS-2). Elections, the way of a
 * command to the leader, and the way of a slot to each replica take random times. What is on its way to a leader that
 * has fallen goes to the next one.
 */
final class SimLog {
    static final long MILLI = 1_000_000;
    static final long SECOND = 1_000 * MILLI;

    /** A slot with one command. */
    record Entry(
            long stampMillis,
            Bytes command,
            SimNode proposer,
            @Nullable Ballot proposedIn,
            long id) {}

    private record Event(long atNanos, long order, Runnable action) {}

    final Random random;
    final List<SimNode> nodes = new ArrayList<>();
    final List<Entry> entries = new ArrayList<>();
    final LeasePredicates predicates;

    /** True time. No node sees it. */
    long nowNanos;

    @Nullable
    SimNode leader;

    Ballot ballot = Ballot.ZERO;
    /** The true time of the last election, and the last moment at which something was not as it should be. */
    long electedNanos;

    long disturbedNanos;

    private final PriorityQueue<Event> events = new PriorityQueue<>((one, other) -> one.atNanos() == other.atNanos()
            ? Long.compare(one.order(), other.order())
            : Long.compare(one.atNanos(), other.atNanos()));
    private boolean hasEnded;
    private long order;
    private double stampMillis;
    private long stampedNanos;
    private double lean;

    SimLog(long seed) {
        random = new Random(seed);
        predicates = new LeasePredicates(this);
        for (int i = 1; i <= 3; i++) {
            nodes.add(new SimNode(this, i));
        }
    }

    void in(long delayNanos, Runnable action) {
        events.add(new Event(nowNanos + Math.max(0, delayNanos), order++, action));
    }

    /** Returns a random time of up to so many milliseconds; one in thirty is ten times longer. */
    long someMillis(int most) {
        long nanos = (long) (random.nextDouble() * most * MILLI);
        return random.nextInt(30) == 0 ? nanos * 10 : nanos;
    }

    void run(long untilNanos) {
        while (!events.isEmpty() && events.peek().atNanos() <= untilNanos) {
            Event event = events.remove();
            nowNanos = event.atNanos();
            event.action().run();
        }
        nowNanos = untilNanos;
    }

    /** The leader falls. Another one, or the same, is elected after a while. */
    void fall() {
        leader = null;
        disturbedNanos = Math.max(disturbedNanos, nowNanos);
        in(MILLI * (300 + random.nextInt(3_000)), this::elect);
    }

    void elect() {
        SimNode chosen = nodes.get(random.nextInt(nodes.size()));
        leader = chosen;
        ballot = new Ballot(ballot.round() + 1, chosen.number);
        electedNanos = nowNanos;
        disturbedNanos = Math.max(disturbedNanos, nowNanos);
        stampedNanos = nowNanos;
        lean = chosen.rate * (1 + (random.nextDouble() * 2 - 1) / 10);
    }

    /** Takes no further command. */
    void end() {
        hasEnded = true;
    }

    /** Brings a command to the leader, whenever there is one. */
    void toLeader(long id, SimNode from, Bytes command, @Nullable Ballot proposedIn) {
        if (hasEnded) {
            return;
        }
        if (leader == null) {
            in(100 * MILLI, () -> toLeader(id, from, command, proposedIn));
            return;
        }
        stampMillis += (nowNanos - stampedNanos) * lean / MILLI;
        stampedNanos = nowNanos;
        entries.add(new Entry((long) stampMillis, command, from, proposedIn, id));
        nodes.forEach(SimNode::feed);
    }
}
