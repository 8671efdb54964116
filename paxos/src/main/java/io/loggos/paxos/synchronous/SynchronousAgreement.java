package io.loggos.paxos.synchronous;

import io.loggos.api.Bytes;
import io.loggos.api.LoggosException;
import io.loggos.api.NodeClosedException;
import io.loggos.api.NodeId;
import io.loggos.api.OverloadedException;
import io.loggos.api.group.Group;
import io.loggos.api.group.GroupListener;
import io.loggos.api.group.GroupOptions;
import io.loggos.api.group.Ordering;
import io.loggos.api.group.View;
import io.loggos.api.group.ViewChange;
import io.loggos.api.node.Node;
import io.loggos.api.spi.Clock;
import io.loggos.api.spi.SystemClock;
import io.loggos.internal.codec.MalformedException;
import io.loggos.paxos.synchronous.core.RoundMessage;
import io.loggos.paxos.synchronous.core.SynchronousConsensus;
import io.loggos.paxos.synchronous.wire.RoundMessageCodec;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Consensus of the members of a group in f + 1 rounds of a stated length, run by run.
 *
 * <p>In each run every member proposes a value, and all members that do not crash decide on the same one. It is the
 * least proposed value that got through, in the order of unsigned bytes. With "no" below "yes" this is the vote of an
 * atomic commitment.
 *
 * <p>It is correct only under the assumptions of {@link SynchronousConsensus}. Over a group they mean:
 *
 * <ul>
 *   <li>At most f members crash, leave or are cut off during a run, and no member joins during it.
 *   <li>A round is longer than the longest delivery plus the difference between the members' calls of {@link #decide}.
 *   <li>Sends wait while the view changes. So if members fail, the longest delivery includes their detection and the
 *       change of the view. Each of several members that fail one after the other takes an election timeout to detect.
 * </ul>
 *
 * <p>Otherwise members may decide differently. A member that notices a violation fails its run with {@link
 * SynchronyLostException}. An application that cannot guarantee the assumptions should use {@link
 * io.loggos.api.replica.Replica}.
 *
 * <p>Safe for use by any thread.
 */
public final class SynchronousAgreement implements AutoCloseable {
    /** The number of runs that a member remembers, so that a late message does not begin an old run again. */
    private static final int MOST_RUNS = 1024;

    private final int faults;
    private final Duration roundLength;
    private final LongFunction<Bytes> proposals;
    private final Clock clock = new SystemClock();

    /** Completes when this object is complete. Steps may come before that. */
    private final CompletableFuture<Group> group = new CompletableFuture<>();

    /** The single thread of all steps. */
    private final ScheduledThreadPoolExecutor steps;

    /** The runs by number, oldest first. Used only on the thread of the steps. */
    private final LinkedHashMap<Long, Run> runs = new LinkedHashMap<>();

    /** Used only on the thread of the steps. */
    private boolean closed;

    SynchronousAgreement(
            String name,
            int faults,
            Duration roundLength,
            LongFunction<Bytes> proposals,
            Function<GroupListener, Group> joining) {
        if (faults < 0 || roundLength.isNegative() || roundLength.isZero()) {
            throw new IllegalArgumentException(faults + " faults, rounds of " + roundLength);
        }
        this.faults = faults;
        this.roundLength = roundLength;
        this.proposals = proposals;
        this.steps = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "loggos-agreement-" + name);
            thread.setDaemon(true);
            return thread;
        });
        steps.setRemoveOnCancelPolicy(true);
        try {
            group.complete(joining.apply(new Events()));
        } catch (RuntimeException e) {
            steps.shutdownNow();
            throw e;
        }
    }

    /**
     * Joins the group {@code name}, which must have no other use.
     *
     * <p>All members must give the same {@code faults} and {@code roundLength}.
     *
     * @param faults the number of members that may crash in one run, f
     * @param roundLength the length of each of the f + 1 rounds
     * @param proposals returns this member's proposal for the run of a number. Called once for each run that begins
     *     here, by {@link #decide} or by another member's message, on a thread that must not be blocked
     * @throws IllegalStateException if this node takes part in the group already
     */
    public static SynchronousAgreement join(
            Node node, String name, int faults, Duration roundLength, LongFunction<Bytes> proposals) {
        GroupOptions options = GroupOptions.of(Ordering.FIFO);
        return new SynchronousAgreement(
                name, faults, roundLength, proposals, listener -> node.join(name, options, listener));
    }

    /**
     * The members that take part in runs that begin now.
     *
     * <p>Wait for a primary view of all intended members, because nothing is sent in other views.
     */
    public Optional<View> view() {
        return group.join().view();
    }

    /**
     * Begins the run of a number, unless another member has begun it, and returns its decision.
     *
     * <p>Members choose the same number for the same question, and never use a number for two. The future completes f +
     * 1 rounds after the run began here, on a thread that must not be blocked. It completes exceptionally with {@link
     * SynchronyLostException} if this member cannot decide, which counts as its crash. It fails with {@link
     * OverloadedException} if the member takes part in too many runs, and with {@link NodeClosedException} after a
     * close.
     */
    public CompletableFuture<Bytes> decide(long number) {
        long now = clock.nanos();
        CompletableFuture<Bytes> decision = new CompletableFuture<>();
        try {
            steps.execute(() -> run(number).start(now, decision));
        } catch (RejectedExecutionException e) {
            decision.completeExceptionally(leftAlready());
        }
        return decision;
    }

    /** Leaves the group. Unfinished runs fail here, and the others see a crash of this member. */
    @Override
    public void close() {
        group.join().close();
        later(() -> {
            closed = true;
            runs.values().forEach(run -> run.fail(leftAlready()));
            steps.shutdown();
        });
    }

    private static NodeClosedException leftAlready() {
        return new NodeClosedException("this member has left the agreement");
    }

    private Run run(long number) {
        Run known = runs.get(number);
        if (known != null) {
            return known;
        }
        Run run = new Run(number);
        if (closed) {
            run.fail(leftAlready());
        } else if (makeRoom()) {
            runs.put(number, run);
        } else {
            run.fail(new OverloadedException(MOST_RUNS + " runs are under way"));
        }
        return run;
    }

    private boolean makeRoom() {
        Iterator<Run> eldest = runs.values().iterator();
        while (runs.size() >= MOST_RUNS && eldest.hasNext()) {
            if (eldest.next().decision.isDone()) {
                eldest.remove();
            }
        }
        return runs.size() < MOST_RUNS;
    }

    /** Queues a step. Drops it if this object is closed. */
    private void later(Runnable step) {
        try {
            steps.execute(step);
        } catch (RejectedExecutionException e) {
            // There is nothing left to step.
        }
    }

    /** Passes the events of the group to the thread of the steps. */
    private final class Events implements GroupListener {
        @Override
        public void onMessage(NodeId from, Bytes bytes) {
            long now = clock.nanos();
            RoundMessageCodec.Numbered numbered;
            try {
                numbered = RoundMessageCodec.decode(bytes);
            } catch (MalformedException e) {
                return;
            }
            later(() -> run(numbered.run()).take(from, numbered.message(), now));
        }

        @Override
        public void onView(ViewChange change) {
            later(() -> runs.values().forEach(run -> run.lose(change.left().size())));
        }

        @Override
        public void onEvicted(String reason) {
            later(() -> runs.values()
                    .forEach(run -> run.fail(
                            new SynchronyLostException("for the others this member has crashed: " + reason, null))));
        }
    }

    /** This member's part in one run. Used only on the thread of the steps. */
    private final class Run implements SynchronousConsensus.Effects {
        private final long number;
        private final CompletableFuture<Bytes> decision = new CompletableFuture<>();
        private @Nullable SynchronousConsensus process;
        private @Nullable Future<?> endOfRound;
        private int lost;

        Run(long number) {
            this.number = number;
        }

        /** Begins the run unless it has begun, and completes the caller's future with its result. */
        void start(long now, CompletableFuture<Bytes> asked) {
            SynchronousConsensus begun = process();
            if (begun != null) {
                begun.start(now);
            }
            CompletableFuture<Bytes> unused = decision.whenComplete((value, failure) -> {
                if (failure == null) {
                    asked.complete(value);
                } else {
                    asked.completeExceptionally(failure);
                }
            });
        }

        void take(NodeId from, RoundMessage message, long now) {
            if (process == null && message.round() > 1) {
                fail(lost("it was under way when " + from + " spoke to this member first"));
                return;
            }
            SynchronousConsensus begun = process();
            if (begun != null) {
                begun.onMessage(message, now);
            }
        }

        /** Counts members that crashed, as the view reports. */
        void lose(int members) {
            lost += members;
            if (lost > faults) {
                fail(lost(lost + " members were lost, not at most " + faults));
            }
        }

        void fail(LoggosException failure) {
            decision.completeExceptionally(failure);
            if (endOfRound != null) {
                endOfRound.cancel(false);
            }
        }

        /** Returns the process of this run, which is created on first use. Null once the run has ended. */
        private @Nullable SynchronousConsensus process() {
            if (process == null && !decision.isDone()) {
                try {
                    process = new SynchronousConsensus(faults, roundLength.toNanos(), proposals.apply(number), this);
                } catch (RuntimeException e) {
                    fail(new SynchronyLostException("run " + number + ": there is no proposal", e));
                }
            }
            return decision.isDone() ? null : process;
        }

        @Override
        public void multicast(RoundMessage message) {
            try {
                group.join().multicast(RoundMessageCodec.encode(number, message));
            } catch (LoggosException e) {
                fail(new SynchronyLostException("run " + number + ": this member cannot send", e));
            }
        }

        @Override
        public void timer(long atNanos) {
            endOfRound = steps.schedule(
                    () -> {
                        SynchronousConsensus begun = process();
                        if (begun != null) {
                            begun.onTimer(clock.nanos());
                        }
                    },
                    atNanos - clock.nanos(),
                    TimeUnit.NANOSECONDS);
        }

        @Override
        public void decided(Bytes value) {
            decision.complete(value);
        }

        @Override
        public void outOfStep(int messageRound, int round) {
            fail(lost("a message of round " + messageRound + " came in round " + round));
        }

        private SynchronyLostException lost(String how) {
            return new SynchronyLostException("run " + number + ": " + how, null);
        }
    }
}
