package io.loggos.snapshot.runtime;

import io.loggos.internal.loop.EventLoop;
import java.util.ArrayList;
import java.util.List;

/** Steps that run at the end of a turn, once their time has come. Used by the loop. */
final class DelayedSteps {
    private record Delayed(long atNanos, EventLoop.Step step) {}

    private final List<Delayed> steps = new ArrayList<>();

    void add(long atNanos, EventLoop.Step step) {
        steps.add(new Delayed(atNanos, step));
    }

    void clear() {
        steps.clear();
    }

    /** Runs the steps that are due. */
    void run(long now) {
        for (int i = steps.size() - 1; i >= 0; i--) {
            if (now >= steps.get(i).atNanos) {
                steps.remove(i).step.at(now);
            }
        }
    }

    /** The time of the next step. {@link Long#MAX_VALUE} if there is none. */
    long nextNanos() {
        long next = Long.MAX_VALUE;
        for (int i = 0; i < steps.size(); i++) {
            next = Math.min(next, steps.get(i).atNanos);
        }
        return next;
    }
}
