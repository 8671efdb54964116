package io.loggos.paxos.runtime.agent;

import io.loggos.internal.loop.Agent;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the tasks of many owners on few threads, so that a slow owner holds up itself alone.
 *
 * <p>Each owner has a lane, whose tasks run one at a time, in order. One worker serves all lanes, one after the other.
 * If it is in one lane for long while others wait, the next worker takes over, and the first one goes on with its lane.
 * Lanes whose tasks are quick share one thread and its wake-ups.
 */
public final class LanePool {
    /** The most workers: as many lanes may be slow at a time. */
    public static final int MOST_WORKERS = 16;

    private static final Logger LOGGER = LoggerFactory.getLogger(LanePool.class);

    /** A task of a lane. */
    public interface Task {
        /** Runs. What this throws ends the worker. */
        void run();

        /** Takes the place of {@link #run} if the pool ends before this has ended. */
        void dropped();
    }

    /** The tasks of one owner. */
    public static class Lane {
        private final ConcurrentLinkedQueue<Task> tasks = new ConcurrentLinkedQueue<>();
        /** True while this lane waits for a worker, or has one. */
        private final AtomicBoolean scheduled = new AtomicBoolean();
    }

    /** Follows the workers, on the thread of each. */
    public interface Observer {
        /** Reports that some tasks of a lane have run. */
        void served(Lane lane);

        /** Reports the end of a turn, in which some lanes were served. */
        void turned();
    }

    /** Observes nothing. */
    public static final Observer UNOBSERVED = new Observer() {
        @Override
        public void served(Lane lane) {
            // Nobody asks.
        }

        @Override
        public void turned() {
            // Nobody asks.
        }
    };

    /**
     * The way in which a pool works.
     *
     * @param name the name of the first worker; the others have a number as well
     * @param takeOverNanos the time in one lane after which another worker takes over
     * @param tasksPerTurn the most tasks in a turn of a worker
     */
    public record Settings(String name, long takeOverNanos, int tasksPerTurn) {}

    private record Background(String name, Runnable action) implements Task {
        @Override
        public void run() {
            try {
                action.run();
            } catch (RuntimeException e) {
                LOGGER.error("a task of \"{}\" has failed", name, e);
            }
        }

        @Override
        public void dropped() {
            // Nobody waits.
        }
    }

    private final Settings settings;
    private final Function<String, AgentRunner.Seat> seats;
    private final Observer observer;
    /** The lanes that wait for a worker. */
    private final ConcurrentLinkedQueue<Lane> ready = new ConcurrentLinkedQueue<>();

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
     * Creates a pool with its first worker.
     *
     * @param first the seat of the first worker
     * @param seats makes the seats of further ones
     */
    public LanePool(
            Settings settings, AgentRunner.Seat first, Function<String, AgentRunner.Seat> seats, Observer observer) {
        this.settings = settings;
        this.seats = seats;
        this.observer = observer;
        this.active = new Worker(settings.name, first);
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
     * Makes a lane for long tasks of the node. Any thread.
     *
     * <p>A task that throws a {@link RuntimeException} is logged, and the next one runs. What a peer causes must not end
     * a worker. An {@link Error} ends it. Tasks that have not begun when the pool ends never do.
     */
    public Executor executor() {
        Lane lane = new Lane();
        return action -> {
            lane.tasks.add(new Background(settings.name, action));
            schedule(lane);
            wake();
        };
    }

    /** Queues a task. It runs after {@link #handOver} or {@link #wake}. Any thread. */
    public void add(Lane lane, Task task) {
        lane.tasks.add(task);
        schedule(lane);
        // Either this thread sees that the pool is closed, or the closing thread sees the task.
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
        if (same && now - seenNanos < settings.takeOverNanos) {
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
        return waiting ? seenNanos + settings.takeOverNanos : Long.MAX_VALUE;
    }

    private void takeOver() {
        for (Worker worker : workers) {
            if (!Worker.isInLane(worker.pieces.get())) {
                active = worker;
                return;
            }
        }
        if (workers.size() < MOST_WORKERS && !closed) {
            String name = settings.name + "-" + (workers.size() + 1);
            Worker made = new Worker(name, seats.apply(name));
            workers.add(made);
            active = made;
            made.seat.run(made, onDeath);
        }
    }

    /** True if an agent is one of the workers. */
    public boolean has(Agent agent) {
        return agent instanceof Worker worker && workers.contains(worker);
    }

    /**
     * Drops the tasks that run or wait in these lanes, and those that come later in any. By a worker as its last call,
     * or once all have ended or are left behind.
     */
    public void close(Iterable<? extends Lane> lanes) {
        closed = true;
        for (Worker worker : workers) {
            Task died = worker.running.get();
            if (died != null) {
                died.dropped();
            }
        }
        lanes.forEach(LanePool::dropQueued);
    }

    private static void dropQueued(Lane lane) {
        for (Task task = lane.tasks.poll(); task != null; task = lane.tasks.poll()) {
            task.dropped();
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
            for (Lane lane = ready.poll(); lane != null; lane = ready.poll()) {
                done += serve(lane, settings.tasksPerTurn - done);
                if (done >= settings.tasksPerTurn) {
                    break;
                }
            }
            turner = null;
            observer.turned();
            return done;
        }

        /** Runs tasks of a lane, which is this worker's alone meanwhile. Returns their number. */
        private int serve(Lane lane, int most) {
            int done = 0;
            pieces.lazySet(pieces.getPlain() + 1);
            for (Task task = lane.tasks.poll(); task != null; task = lane.tasks.poll()) {
                running.lazySet(task);
                task.run();
                running.lazySet(null);
                if (++done == most) {
                    break;
                }
            }
            observer.served(lane);
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

        @Override
        public long nextWorkNanos() {
            return ready.isEmpty() ? Long.MAX_VALUE : Long.MIN_VALUE;
        }
    }
}
