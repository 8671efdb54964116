package io.loggos.paxos.synchronous;

import io.loggos.api.Bytes;
import io.loggos.paxos.synchronous.CrashPattern.Crash;
import io.loggos.paxos.synchronous.core.RoundMessage;
import io.loggos.paxos.synchronous.core.SynchronousConsensus;
import io.loggos.testkit.VirtualTime;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Processes 1 to n of one run in virtual time, with a crash pattern. */
final class RoundsWorld {
    static final long ROUND = 100;

    private final List<Host> hosts = new ArrayList<>();
    private final CrashPattern crashes;
    private final LongSupplier delay;
    private final TreeSet<Bytes> proposed = new TreeSet<>();
    private final VirtualTime time = new VirtualTime();
    private final int rounds;

    /**
     * A run.
     *
     * @param delay how long the next message takes
     */
    RoundsWorld(int rounds, List<Bytes> proposals, CrashPattern crashes, LongSupplier delay) {
        this.rounds = rounds;
        this.crashes = crashes;
        this.delay = delay;
        for (Bytes proposal : proposals) {
            hosts.add(new Host(hosts.size() + 1, proposal));
            proposed.add(proposal);
        }
    }

    /** Lets a process begin at a time, unless a message has made it begin before. */
    RoundsWorld start(int process, long at) {
        Host host = hosts.get(process - 1);
        time.at(at, () -> host.step(() -> host.process.start(time.nanos())));
        return this;
    }

    RoundsWorld startAll() {
        hosts.forEach(host -> start(host.id, 0));
        return this;
    }

    /** Runs to the end and says what is wrong about it, or null. */
    @Nullable
    String run() {
        while (time.runNext()) {}
        Bytes agreed = null;
        for (Host host : hosts) {
            if (!host.up) {
                continue;
            }
            if (host.outOfStep) {
                return host.id + " was out of step";
            }
            Bytes decided = host.decided;
            if (decided == null || host.decidedAt != host.startedAt + rounds * ROUND) {
                return "termination: " + outcome();
            }
            if (!proposed.contains(decided)) {
                return "validity: " + outcome();
            }
            if (agreed != null && !agreed.equals(decided)) {
                return "agreement: " + outcome();
            }
            agreed = decided;
        }
        return null;
    }

    private String outcome() {
        StringBuilder text = new StringBuilder();
        for (Host host : hosts) {
            if (host.up) {
                Bytes decided = host.decided;
                text.append(text.isEmpty() ? "" : ", ")
                        .append(host.id)
                        .append(decided == null ? " decides nothing" : " decides " + decided.toUtf8());
            }
        }
        return text.toString();
    }

    /** A process and what becomes of it. */
    private final class Host implements SynchronousConsensus.Effects {
        private final int id;
        private final SynchronousConsensus process;
        private final @Nullable Crash crash;
        private final TreeSet<Bytes> sent = new TreeSet<>();
        private boolean up = true;
        private boolean outOfStep;
        private int round;
        private long startedAt;
        private long decidedAt;
        private @Nullable Bytes decided;

        Host(int id, Bytes proposal) {
            this.id = id;
            this.crash = crashes.of(id);
            this.process = new SynchronousConsensus(rounds - 1, ROUND, proposal, this);
        }

        void step(Runnable step) {
            if (up) {
                step.run();
                up = crash == null || round < crash.round();
            }
        }

        /** Set at the beginning of each round, before the multicast. */
        @Override
        public void timer(long atNanos) {
            if (round == 0) {
                startedAt = time.nanos();
            }
            round++;
            time.at(atNanos, () -> step(() -> process.onTimer(time.nanos())));
        }

        @Override
        public void multicast(RoundMessage message) {
            if (message.round() != round) {
                throw new AssertionError("sends " + message + " in round " + round);
            }
            for (Bytes value : message.values()) {
                if (!sent.add(value)) {
                    throw new AssertionError(id + " multicasts " + value.toUtf8() + " twice");
                }
            }
            for (Host other : hosts) {
                if (crash == null || round < crash.round() || crash.reaches(other.id)) {
                    time.after(
                            delay.getAsLong(), () -> other.step(() -> other.process.onMessage(message, time.nanos())));
                }
            }
        }

        @Override
        public void decided(Bytes value) {
            if (decided != null || outOfStep) {
                throw new AssertionError(id + " ends twice");
            }
            decided = value;
            decidedAt = time.nanos();
        }

        @Override
        public void outOfStep(int messageRound, int inRound) {
            if (decided != null || outOfStep) {
                throw new AssertionError(id + " ends twice");
            }
            outOfStep = true;
        }
    }
}
