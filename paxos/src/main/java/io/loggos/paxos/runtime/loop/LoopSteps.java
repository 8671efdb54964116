package io.loggos.paxos.runtime.loop;

import io.loggos.internal.loop.EventLoop;
import java.util.ArrayList;
import java.util.List;

/** The loop, as the groups of its node see it. */
public final class LoopSteps implements EventLoop {
    private record Later(long atNanos, Step step) {}

    private final NodeLoop loop;
    private final List<Later> later = new ArrayList<>();

    LoopSteps(NodeLoop loop) {
        this.loop = loop;
    }

    @Override
    public void submit(Step step) {
        loop.submit((unused, now) -> step.at(now));
    }

    @Override
    public void deliver(Step step) {
        loop.deliver((unused, now) -> step.at(now));
    }

    @Override
    public void later(long atNanos, Step step) {
        later.add(new Later(atNanos, step));
    }

    /** Runs the steps whose time has come. */
    void run(long now) {
        for (int i = later.size() - 1; i >= 0; i--) {
            if (now >= later.get(i).atNanos) {
                later.remove(i).step.at(now);
            }
        }
    }

    /** Time of the next step. */
    long nextNanos() {
        long next = Long.MAX_VALUE;
        for (int i = 0; i < later.size(); i++) {
            next = Math.min(next, later.get(i).atNanos);
        }
        return next;
    }
}
