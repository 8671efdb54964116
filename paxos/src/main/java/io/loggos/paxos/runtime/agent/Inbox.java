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

    public void add(EventLoop.Step step) {
        link(step instanceof Event event ? event : new StepEvent(step));
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
        Event event = newest.get() == null ? null : newest.getAndSet(null);
        while (event != null) {
            Event before = event.next();
            event.linkTo(oldest);
            oldest = event;
            event = before;
        }
    }
}
