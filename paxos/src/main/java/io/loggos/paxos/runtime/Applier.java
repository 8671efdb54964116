package io.loggos.paxos.runtime;

import io.loggos.api.spi.Agent;
import io.loggos.api.spi.Waker;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Runs the state machines of a node, on a thread of its own, so that a slow one never delays a heartbeat.
 * What the loop hands over is done in its order.
 */
public final class Applier implements Agent {
    private static final int TASKS_PER_TURN = 256;

    private record Task(@Nullable StateMachineHost host, Runnable action) {}

    private final ConcurrentLinkedQueue<Task> tasks = new ConcurrentLinkedQueue<>();
    private final Set<StateMachineHost> worked = new LinkedHashSet<>();
    private volatile Waker waker = () -> {};

    void wakeWith(Waker newWaker) {
        waker = newWaker;
    }

    /** Does something with a state machine, later. Any thread. */
    void execute(StateMachineHost host, Runnable action) {
        tasks.add(new Task(host, action));
        waker.wake();
    }

    /** Does something once all that was handed over before is done. Any thread. */
    void afterAll(Runnable action) {
        tasks.add(new Task(null, action));
        waker.wake();
    }

    @Override
    public String name() {
        return "apply";
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
            List<StateMachineHost> hosts = new ArrayList<>(worked);
            worked.clear();
            hosts.forEach(StateMachineHost::endTurn);
        }
        return done;
    }

    @Override
    public long nextWorkNanos() {
        return tasks.isEmpty() ? Long.MAX_VALUE : Long.MIN_VALUE;
    }
}
