package io.loggos.paxos.runtime.replica;

import io.loggos.internal.loop.Agent;
import io.loggos.paxos.core.model.DigestMark;
import io.loggos.paxos.runtime.agent.AgentRunner;
import io.loggos.paxos.runtime.agent.LanePool;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Runs the state machines of a node, away from its event loop, so that a slow one never delays a heartbeat.
 *
 * <p>Each state machine has a lane of a {@link LanePool}: its tasks run one at a time, in the order in which they were
 * handed over. So a log whose commands are slow, each or all together, holds up no other log (RULES.md B-10).
 *
 * <p>A turn of the loop hands over the tasks of all logs together, and a turn of a worker reports for all its logs
 * together. With many logs, a report for each log would cost most of the time.
 */
public final class Applier {
    /** The name of the first worker. */
    public static final String NAME = "apply";

    /** Time in one lane after which another worker takes over. */
    static final long TAKE_OVER_NANOS = 10_000_000;

    private static final int TASKS_PER_TURN = 256;

    /** A task. If that of a replica throws anything, this replica halts, and those of other logs go on. */
    private record Task(Lane lane, @Nullable StateMachineHost host, Runnable action, Runnable whenDropped)
            implements LanePool.Task {
        @Override
        public void run() {
            if (host == null) {
                action.run();
                return;
            }
            lane.host = host;
            try {
                action.run();
            } catch (Throwable thrown) {
                host.taskThrew(thrown);
                whenDropped.run();
            }
            host.endTask();
        }

        @Override
        public void dropped() {
            whenDropped.run();
        }
    }

    /**
     * The report that a replica's state machine has applied all slots up to this one.
     *
     * @param logTimeMillis the log time behind it
     * @param marks the digests behind slots that were applied since the last report
     */
    public record Applied(LocalReplica replica, long slot, long logTimeMillis, List<DigestMark> marks) {}

    /** The tasks of one state machine. */
    public static final class Lane extends LanePool.Lane {
        /** The host whose tasks ran since the last report. Owned by the worker that serves this lane. */
        private @Nullable StateMachineHost host;
        /** True while the applier knows this lane. */
        private volatile boolean known;
    }

    private final LanePool pool;
    private final Runnable onNews;
    /** The lanes that have had tasks and have not ended. */
    private final Set<Lane> lanes = ConcurrentHashMap.newKeySet();
    /** The reports that the loop has not taken. Those of one state machine are in order. */
    private final ConcurrentLinkedQueue<Applied> news = new ConcurrentLinkedQueue<>();

    /**
     * Creates the applier with its first worker.
     *
     * @param first the seat of the first worker, {@link #NAME}
     * @param seats makes the seats of further ones
     * @param onNews is called after a turn that has reports, which {@link #takeNews} returns
     */
    public Applier(AgentRunner.Seat first, Function<String, AgentRunner.Seat> seats, Runnable onNews) {
        this.onNews = onNews;
        this.pool =
                new LanePool(new LanePool.Settings(NAME, TAKE_OVER_NANOS, TASKS_PER_TURN), first, seats, new Reports());
    }

    /** Collects the reports of the lanes that were served. */
    private final class Reports implements LanePool.Observer {
        @Override
        public void served(LanePool.Lane served) {
            Lane lane = (Lane) served;
            StateMachineHost host = lane.host;
            lane.host = null;
            Applied applied = host == null ? null : host.news();
            if (applied != null) {
                news.add(applied);
            }
        }

        @Override
        public void turned() {
            if (!news.isEmpty()) {
                onNews.run();
            }
        }
    }

    /**
     * Starts the first worker.
     *
     * @param death receives a worker that threw
     */
    public void start(BiConsumer<Agent, Throwable> death) {
        pool.start(death);
    }

    /**
     * Queues a task for a state machine. It runs after {@link #handOver} or {@link #wake}.
     *
     * @param dropped takes the place of the action if this applier ends before the action has
     */
    public void execute(StateMachineHost host, Runnable action, Runnable dropped) {
        Lane lane = host.replica.lane();
        add(new Task(lane, host, action, dropped));
    }

    /** Runs a task after everything that was queued in a lane before, or once this applier has ended. Any thread. */
    public void after(Lane lane, Runnable action) {
        add(new Task(lane, null, action, action));
        wake();
    }

    /** Runs a task after everything that was queued in all lanes before, or once this applier has ended. Any thread. */
    public void afterAll(Runnable action) {
        AtomicInteger left = new AtomicInteger(1);
        Runnable one = () -> {
            if (left.decrementAndGet() == 0) {
                action.run();
            }
        };
        for (Lane lane : lanes) {
            left.incrementAndGet();
            add(new Task(lane, null, one, one));
        }
        wake();
        one.run();
    }

    /** Forgets a lane that gets no more tasks. */
    public void end(Lane lane) {
        lane.known = false;
        lanes.remove(lane);
    }

    private void add(Task task) {
        Lane lane = task.lane;
        if (!lane.known) {
            lane.known = true;
            lanes.add(lane);
        }
        pool.add(lane, task);
    }

    /** Starts the queued tasks, if there are any. Any thread. */
    public void wake() {
        pool.wake();
    }

    /**
     * Starts the queued tasks, if there are any. If the worker is late, another one takes over. On the loop's thread, in
     * each turn.
     */
    public void handOver(long now) {
        pool.handOver(now);
    }

    /** The time of the next {@link #handOver}, if no turn comes before, so that no lane waits for long. */
    public long nextLookNanos() {
        return pool.nextLookNanos();
    }

    /** Takes the reports that have come. On the loop's thread. */
    public List<Applied> takeNews() {
        List<Applied> taken = new ArrayList<>();
        for (Applied next = news.poll(); next != null; next = news.poll()) {
            taken.add(next);
        }
        return taken;
    }

    /** True if there are reports that nobody has taken. */
    public boolean hasNews() {
        return !news.isEmpty();
    }

    /** True if an agent is one of the workers. */
    public boolean has(Agent agent) {
        return pool.has(agent);
    }

    /** Drops all tasks, queued now or later. By a worker as its last call, or once all have ended or are left behind. */
    public void close() {
        pool.close(lanes);
    }

    /** True if the caller is called by a worker. */
    public boolean isTurnedHere() {
        return pool.isTurnedHere();
    }
}
