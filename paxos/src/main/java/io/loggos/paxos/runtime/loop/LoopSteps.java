package io.loggos.paxos.runtime.loop;

import io.loggos.internal.loop.EventLoop;
import io.loggos.multicast.runtime.GroupLoop;

/** The loop, as the groups and snapshots of its node see it. */
public final class LoopSteps implements GroupLoop, EventLoop {
    private final NodeLoop loop;

    public LoopSteps(NodeLoop loop) {
        this.loop = loop;
    }

    @Override
    public void submit(GroupLoop.Step step) {
        loop.submit((unused, now) -> step.at(now));
    }

    @Override
    public void deliver(GroupLoop.Step step) {
        loop.deliver((unused, now) -> step.at(now));
    }

    @Override
    public void submit(EventLoop.Step step) {
        loop.submit((unused, now) -> step.at(now));
    }

    @Override
    public void deliver(EventLoop.Step step) {
        loop.deliver((unused, now) -> step.at(now));
    }

    @Override
    public void later(long atNanos, EventLoop.Step step) {
        throw new UnsupportedOperationException("snapshots keep their later steps themselves");
    }
}
