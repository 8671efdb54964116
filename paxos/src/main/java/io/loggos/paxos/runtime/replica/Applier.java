package io.loggos.paxos.runtime.replica;

import io.loggos.internal.loop.Agent;
import io.loggos.paxos.core.model.DigestMark;
import io.loggos.paxos.runtime.agent.AgentRunner;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Runs the state machines of a node, away from its event loop, so that a slow one never delays a heartbeat.
 *
 * <p>Each state machine has a lane: its tasks run one at a time, in the order in which they were handed over. One
 * worker serves the lanes of all logs, one after the other. If it is in one lane for long while others wait, the next
 * worker takes over, and the first one goes on with its lane (RULES.md B-10). So a log whose commands are slow, each or
 * all together, holds up no other log. Logs whose commands are quick share one thread and its wake-ups.
 *
 * <p>A turn of the loop hands over the tasks of all logs together, and a turn of a worker reports for all its logs
 * together. With many logs, a report for each log would cost most of the time.
 */
public final class Applier {
    /** The name of the first worker. */
    public static final String NAME = "apply";

    /** The most workers: as many logs may be slow at a time. */
    static final int MOST_WORKERS = 16;
    /** Time in one lane after which another worker takes over. */
    static final long TAKE_OVER_NANOS = 10_000_000;

    private static final int TASKS_PER_TURN = 256;

    private record Task(@Nullable StateMachineHost host, Runnable action, Runnable dropped) {}

    /**
     * The report that a replica's state machine has applied all slots up to this one.
     *
     * @param logTimeMillis the log time behind it
     * @param marks the digests behind slots that were applied since the last report
     */
    public record Applied(LocalReplica replica, long slot, long logTimeMillis, List<DigestMark> marks) {}

    /** The tasks of one state machine. */
    public static final class Lane {
        private final ConcurrentLinkedQueue<Task> tasks = new ConcurrentLinkedQueue<>();
        /** True while this lane waits for a worker, or has one. */
        private final AtomicBoolean scheduled = new AtomicBoolean();
        /** True while the applier knows this lane. */
        private volatile boolean known;
    }

    private final Function<String, AgentRunner.Seat> seats;
    private final Runnable onNews;
    /** The lanes that have had tasks and have not ended. */
    private final Set<Lane> lanes = ConcurrentHashMap.newKeySet();
    /** The lanes that wait for a worker. */
    private final ConcurrentLinkedQueue<Lane> ready = new ConcurrentLinkedQueue<>();
    /** The reports that the loop has not taken. Those of one state machine are in order. */
    private final ConcurrentLinkedQueue<Applied> news = new ConcurrentLinkedQueue<>();

    private final List<Worker> workers = new CopyOnWriteArrayList<>();
    private volatile Worker active;
    private BiConsumer<Agent, Throwable> onDeath = (agent, cause) -> {};
    private volatile boolean closed;

    /** True if lanes were waiting at the loop's last look. Owned by the loop, as the next two. */
    private boolean waiting;
    /** The number of the active worker's piece at the look since which it has not changed. */
    private long seenPiece;

    private long seenNanos;

    /**
     * Creates the applier with its first worker.
     *
     * @param first the seat of the first worker, {@link #NAME}
     * @param seats makes the seats of further ones
     * @param onNews is called after a turn that has reports, which {@link #takeNews} returns
     */
    public Applier(AgentRunner.Seat first, Function<String, AgentRunner.Seat> seats, Runnable onNews) {
        this.seats = seats;
        this.onNews = onNews;
        this.active = new Worker(NAME, first);
        workers.add(active);
    }

    /**
     * Starts the first worker.
     *
     * @param death receives a worker that threw
     */
    public void start(BiConsumer<Agent, Throwable> death) {
        onDeath = death;
        active.seat.run(active, death);
    }

    /**
     * Queues a task for a state machine. It runs after {@link #handOver} or {@link #wake}.
     *
     * @param dropped takes the place of the action if this applier ends before the action has
     */
    public void execute(StateMachineHost host, Runnable action, Runnable dropped) {
        add(host.replica.lane(), new Task(host, action, dropped));
    }

    /** Runs a task after everything that was queued in a lane before, or once this applier has ended. Any thread. */
    public void after(Lane lane, Runnable action) {
        add(lane, new Task(null, action, action));
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
            add(lane, new Task(null, one, one));
        }
        wake();
        one.run();
    }

    /** Forgets a lane that gets no more tasks. */
    public void end(Lane lane) {
        lane.known = false;
        lanes.remove(lane);
    }

    private void add(Lane lane, Task task) {
        if (!lane.known) {
            lane.known = true;
            lanes.add(lane);
        }
        lane.tasks.add(task);
        schedule(lane);
        // Either this thread sees that the applier is closed, or the closing thread sees the task.
        if (closed) {
            dropQueued(lane);
        }
    }

    private void schedule(Lane lane) {
        if (!lane.scheduled.get() && lane.scheduled.compareAndSet(false, true)) {
            ready.add(lane);
        }
    }

    /** Starts the queued tasks, if there are any. Any thread. */
    public void wake() {
        if (!ready.isEmpty()) {
            active.seat.wake();
        }
    }

    /**
     * Starts the queued tasks, if there are any. If the worker is late, another one takes over. On the loop's thread, in
     * each turn.
     */
    public void handOver(long now) {
        if (ready.isEmpty()) {
            waiting = false;
            return;
        }
        long piece = active.pieces.get();
        boolean same = waiting && piece == seenPiece;
        if (same && now - seenNanos < TAKE_OVER_NANOS) {
            active.seat.wake();
            return;
        }
        if (same && Worker.isInLane(piece)) {
            takeOver();
        }
        waiting = true;
        seenPiece = active.pieces.get();
        seenNanos = now;
        active.seat.wake();
    }

    /** The time of the next {@link #handOver}, if no turn comes before, so that no lane waits for long. */
    public long nextLookNanos() {
        return waiting ? seenNanos + TAKE_OVER_NANOS : Long.MAX_VALUE;
    }

    private void takeOver() {
        for (Worker worker : workers) {
            if (!Worker.isInLane(worker.pieces.get())) {
                active = worker;
                return;
            }
        }
        if (workers.size() < MOST_WORKERS && !closed) {
            String name = NAME + "-" + (workers.size() + 1);
            Worker made = new Worker(name, seats.apply(name));
            workers.add(made);
            active = made;
            made.seat.run(made, onDeath);
        }
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
        return agent instanceof Worker worker && workers.contains(worker);
    }

    /** Drops all tasks, queued now or later. By a worker as its last call, or once all have ended or are left behind. */
    public void close() {
        closed = true;
        for (Worker worker : workers) {
            Task died = worker.running.get();
            if (died != null) {
                died.dropped.run();
            }
        }
        lanes.forEach(Applier::dropQueued);
    }

    private static void dropQueued(Lane lane) {
        for (Task task = lane.tasks.poll(); task != null; task = lane.tasks.poll()) {
            task.dropped.run();
        }
    }

    /** True if the caller is called by a worker. */
    public boolean isTurnedHere() {
        Thread here = Thread.currentThread();
        for (Worker worker : workers) {
            if (worker.turner == here) {
                return true;
            }
        }
        return false;
    }

    private final class Worker implements Agent {
        private final String name;
        private final AgentRunner.Seat seat;
        /** Counts the turns of lanes, their begins and their ends: odd within one. Written by this worker. */
        private final AtomicLong pieces = new AtomicLong();
        /** The task that runs, so that its end is known if this worker dies of it. Written by this worker. */
        private final AtomicReference<@Nullable Task> running = new AtomicReference<>();
        /** The thread that runs this worker now. */
        private volatile @Nullable Thread turner;

        Worker(String name, AgentRunner.Seat seat) {
            this.name = name;
            this.seat = seat;
        }

        static boolean isInLane(long piece) {
            return (piece & 1) == 1;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public int doWork() {
            turner = Thread.currentThread();
            int done = 0;
            boolean report = false;
            for (Lane lane = ready.poll(); lane != null; lane = ready.poll()) {
                done += serve(lane, TASKS_PER_TURN - done);
                report |= !news.isEmpty();
                if (done >= TASKS_PER_TURN) {
                    break;
                }
            }
            turner = null;
            if (report) {
                onNews.run();
            }
            return done;
        }

        /** Runs tasks of a lane, which is this worker's alone meanwhile. Returns their number. */
        private int serve(Lane lane, int most) {
            StateMachineHost host = null;
            int done = 0;
            pieces.lazySet(pieces.getPlain() + 1);
            for (Task task = lane.tasks.poll(); task != null; task = lane.tasks.poll()) {
                host = task.host == null ? host : task.host;
                running.lazySet(task);
                run(task);
                running.lazySet(null);
                if (++done == most) {
                    break;
                }
            }
            Applied applied = host == null ? null : host.news();
            if (applied != null) {
                news.add(applied);
            }
            pieces.lazySet(pieces.getPlain() + 1);
            if (lane.tasks.isEmpty()) {
                lane.scheduled.set(false);
                if (!lane.tasks.isEmpty()) {
                    schedule(lane);
                }
            } else {
                ready.add(lane);
            }
            return done;
        }

        /** Runs a task. If that of a replica throws anything, this replica halts, and those of other logs go on. */
        private static void run(Task task) {
            StateMachineHost host = task.host;
            if (host == null) {
                task.action.run();
                return;
            }
            try {
                task.action.run();
            } catch (Throwable thrown) {
                host.taskThrew(thrown);
                task.dropped.run();
            }
            host.endTask();
        }

        @Override
        public long nextWorkNanos() {
            return ready.isEmpty() ? Long.MAX_VALUE : Long.MIN_VALUE;
        }
    }
}
