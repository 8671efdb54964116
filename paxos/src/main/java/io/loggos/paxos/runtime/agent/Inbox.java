package io.loggos.paxos.runtime.agent;

import io.loggos.internal.loop.EventLoop;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The queue of events in front of a loop: any thread adds, one takes. The events are linked to each other, so that a
 * queue of thousands of calls costs no object besides them.
 */
public final class Inbox {
    /** An event for the loop, run on its thread; in one inbox at a time. */
    public interface Event extends EventLoop.Step {
        /** The event after this one. For the inbox alone. */
        @Nullable
        Event next();

        /** Links an event after this one. For the inbox alone. */
        void linkTo(@Nullable Event event);
    }

    private static final class StepEvent implements Event {
        private final EventLoop.Step step;
        private @Nullable Event next;

        StepEvent(EventLoop.Step step) {
            this.step = step;
        }

        @Override
        public void at(long now) {
            step.at(now);
        }

        @Override
        public void dropped() {
            step.dropped();
        }

        @Override
        public @Nullable Event next() {
            return next;
        }

        @Override
        public void linkTo(@Nullable Event event) {
            next = event;
        }
    }

    /** The newest of those that were added and not yet taken; each is linked to the one before it. */
    private final AtomicReference<@Nullable Event> newest = new AtomicReference<>();
    /** The oldest of those that were taken and not yet polled; each is linked to the one after it. */
    private @Nullable Event oldest;

    private volatile boolean closed;

    /** Adds an event. Once the inbox is closed, the event is dropped at once. */
    public void add(EventLoop.Step step) {
        link(step instanceof Event event ? event : new StepEvent(step));
        // Either this thread sees that the inbox is closed, or the closing thread sees the event.
        if (closed) {
            dropAdded();
        }
    }

    /**
     * Drops all events that wait, and those that come later ({@link EventLoop.Step#dropped}).
     *
     * <p>By the thread that takes the events, as its last call, or once that thread has ended.
     */
    public void close() {
        closed = true;
        drop(oldest);
        oldest = null;
        dropAdded();
    }

    private void dropAdded() {
        drop(inOrder(newest.getAndSet(null), null));
    }

    private static void drop(@Nullable Event first) {
        Event event = first;
        while (event != null) {
            Event next = event.next();
            event.linkTo(null);
            event.dropped();
            event = next;
        }
    }

    private void link(Event event) {
        Event before;
        do {
            before = newest.get();
            event.linkTo(before);
        } while (!newest.compareAndSet(before, event));
    }

    public boolean isEmpty() {
        return oldest == null && newest.get() == null;
    }

    /** The oldest event; null if there is none. */
    @Nullable
    public Event poll() {
        if (oldest == null) {
            take();
        }
        Event event = oldest;
        if (event != null) {
            oldest = event.next();
            event.linkTo(null);
        }
        return event;
    }

    private void take() {
        if (newest.get() != null) {
            oldest = inOrder(newest.getAndSet(null), oldest);
        }
    }

    /** Turns events, each linked to the one before it, into the same events, each linked to the one after it. */
    private static @Nullable Event inOrder(@Nullable Event last, @Nullable Event after) {
        Event event = last;
        Event first = after;
        while (event != null) {
            Event before = event.next();
            event.linkTo(first);
            first = event;
            event = before;
        }
        return first;
    }
}
