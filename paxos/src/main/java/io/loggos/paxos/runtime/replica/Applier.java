package io.loggos.paxos.runtime.replica;

import io.loggos.internal.loop.Agent;
import io.loggos.internal.loop.Waker;
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

    private record Task(@Nullable StateMachineHost host, Runnable action) {}

    /** The report that a replica's state machine has applied all slots up to this one. */
    public record Applied(LocalReplica replica, long slot) {}

    private final ConcurrentLinkedQueue<Task> tasks = new ConcurrentLinkedQueue<>();
    private final Set<StateMachineHost> worked = new LinkedHashSet<>();
    private final Waker waker;
    private final Consumer<List<Applied>> reports;

    /**
     * Creates the agent.
     *
     * @param reports receives the progress of the state machines; each turn makes at most one call
     */
    public Applier(Waker waker, Consumer<List<Applied>> reports) {
        this.waker = waker;
        this.reports = reports;
    }

    /** Queues a task for a state machine. It runs after {@link #handOver}. */
    public void execute(StateMachineHost host, Runnable action) {
        tasks.add(new Task(host, action));
    }

    /** Starts the queued tasks, if there are any. */
    public void handOver() {
        if (!tasks.isEmpty()) {
            waker.wake();
        }
    }

    /** Runs a task after everything that was queued before. Any thread. */
    public void afterAll(Runnable action) {
        tasks.add(new Task(null, action));
        waker.wake();
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int doWork() {
        int done = 0;
        for (Task task = tasks.poll(); task != null; task = tasks.poll()) {
            if (task.host != null) {
                worked.add(task.host);
            }
            task.action.run();
            if (++done == TASKS_PER_TURN) {
                break;
            }
        }
        if (done > 0) {
            report();
        }
        return done;
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
