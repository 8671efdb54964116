package io.loggos.paxos.runtime.replica;

import io.loggos.internal.loop.Agent;
import io.loggos.internal.loop.Waker;
import io.loggos.paxos.core.model.DigestMark;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs the state machines of a node on a thread of its own, so that a slow one never delays a heartbeat.
 *
 * <p>Tasks run in the order in which the event loop hands them over. A turn of the loop hands over the tasks of all
 * logs together, and a turn of this agent reports for all logs together. With many logs, a report for each log would
 * cost most of the time.
 */
public final class Applier implements Agent {
    /** The name of this agent. */
    public static final String NAME = "apply";

    private static final int TASKS_PER_TURN = 256;

    private record Task(@Nullable StateMachineHost host, Runnable action, Runnable dropped) {}

    /**
     * The report that a replica's state machine has applied all slots up to this one.
     *
     * @param logTimeMillis the log time behind it
     * @param marks the digests behind slots that were applied since the last report
     */
    public record Applied(LocalReplica replica, long slot, long logTimeMillis, List<DigestMark> marks) {}

    private final ConcurrentLinkedQueue<Task> tasks = new ConcurrentLinkedQueue<>();
    private final Set<StateMachineHost> worked = new LinkedHashSet<>();
    private final Waker waker;
    private final Consumer<List<Applied>> reports;
    /** The task that runs, so that its end is known if this agent dies of it. */
    private @Nullable Task running;

    private volatile boolean closed;
    /** The thread that runs this agent now. */
    private volatile @Nullable Thread turner;

    /**
     * Creates the agent.
     *
     * @param reports receives the progress of the state machines; each turn makes at most one call
     */
    public Applier(Waker waker, Consumer<List<Applied>> reports) {
        this.waker = waker;
        this.reports = reports;
    }

    /**
     * Queues a task for a state machine. It runs after {@link #handOver}.
     *
     * @param dropped takes the place of the action if this agent ends before the action has
     */
    public void execute(StateMachineHost host, Runnable action, Runnable dropped) {
        add(new Task(host, action, dropped));
    }

    /** Starts the queued tasks, if there are any. */
    public void handOver() {
        if (!tasks.isEmpty()) {
            waker.wake();
        }
    }

    /** Runs a task after everything that was queued before, or once this agent has ended. Any thread. */
    public void afterAll(Runnable action) {
        add(new Task(null, action, action));
        waker.wake();
    }

    private void add(Task task) {
        tasks.add(task);
        // Either this thread sees that the agent is closed, or the closing thread sees the task.
        if (closed) {
            dropQueued();
        }
    }

    /** Drops all tasks, queued now or later. By this agent as its last call, or once it has ended. */
    public void close() {
        closed = true;
        Task died = running;
        if (died != null) {
            died.dropped.run();
        }
        dropQueued();
    }

    private void dropQueued() {
        for (Task task = tasks.poll(); task != null; task = tasks.poll()) {
            task.dropped.run();
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    /** True if the caller is called by this agent. */
    public boolean isTurnedHere() {
        return turner == Thread.currentThread();
    }

    @Override
    public int doWork() {
        turner = Thread.currentThread();
        int done = 0;
        for (Task task = tasks.poll(); task != null; task = tasks.poll()) {
            if (task.host != null) {
                worked.add(task.host);
            }
            running = task;
            run(task);
            running = null;
            if (++done == TASKS_PER_TURN) {
                break;
            }
        }
        turner = null;
        if (done > 0) {
            report();
        }
        return done;
    }

    /** Runs a task. If that of a replica throws anything, this replica halts, and those of the other logs go on. */
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

    private void report() {
        List<Applied> applied = new ArrayList<>(worked.size());
        for (StateMachineHost host : worked) {
            Applied news = host.news();
            if (news != null) {
                applied.add(news);
            }
        }
        worked.clear();
        if (!applied.isEmpty()) {
            reports.accept(applied);
        }
    }

    @Override
    public long nextWorkNanos() {
        return tasks.isEmpty() ? Long.MAX_VALUE : Long.MIN_VALUE;
    }
}
