package io.loggos.paxos.runtime.loop;

import io.loggos.internal.loop.EventLoop;
import io.loggos.internal.loop.Waker;
import io.loggos.paxos.runtime.agent.Inbox;
import io.loggos.paxos.runtime.replica.PendingRequest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The events of a node that wait for its loop. The loop itself, {@link NodeLoop}, takes them turn by turn. */
public final class NodeEvents implements EventLoop {
    private record Later(long atNanos, Step step) {}

    private final Waker waker;
    private final Inbox inbox = new Inbox();
    /** Steps for later. Few at a time. Owned by the loop. */
    private final List<Later> later = new ArrayList<>();
    /**
     * True while a write is under way, whose end will turn the loop. A request that comes meanwhile would wait for
     * that end anyhow, so it wakes no thread.
     */
    private volatile boolean writing;

    /**
     * Creates the events of a loop.
     *
     * @param waker wakes the loop
     */
    public NodeEvents(Waker waker) {
        this.waker = waker;
    }

    @Override
    public void submit(Step step) {
        inbox.add(step);
        waker.wake();
    }

    @Override
    public void deliver(Step step) {
        inbox.add(step);
        waker.turn();
    }

    @Override
    public void later(long atNanos, Step step) {
        later.add(new Later(atNanos, step));
    }

    /** Queues a caller's request. Any thread. */
    void ask(PendingRequest<?> request) {
        inbox.add(request);
        if (!writing) {
            waker.wake();
        }
    }

    /**
     * Drops all events that wait, and those that come later. By the loop as its last call, or once it has ended.
     *
     * <p>So whoever waits for an event is told, whenever the event comes.
     */
    public void close() {
        inbox.close();
        later.forEach(each -> each.step.dropped());
        later.clear();
    }

    /** The oldest event; null if there is none. */
    @Nullable
    Step poll() {
        return inbox.poll();
    }

    /** Runs the steps whose time has come, in the order of their arrival. */
    void runDue(long now) {
        if (now < nextDueNanos()) {
            return;
        }
        List<Step> due = new ArrayList<>();
        later.removeIf(each -> each.atNanos <= now && due.add(each.step));
        due.forEach(step -> step.at(now));
    }

    private long nextDueNanos() {
        long next = Long.MAX_VALUE;
        for (int i = 0; i < later.size(); i++) {
            next = Math.min(next, later.get(i).atNanos);
        }
        return next;
    }

    /** Says at the end of a turn whether a write is under way. Must come before {@link #nextNanos}. */
    void writing(boolean now) {
        writing = now;
    }

    /** The time at which the loop has something to do here; in the past if there is an event that must not wait. */
    long nextNanos() {
        return writing || inbox.isEmpty() ? nextDueNanos() : Long.MIN_VALUE;
    }
}
