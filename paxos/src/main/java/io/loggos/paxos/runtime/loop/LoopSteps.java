package io.loggos.paxos.runtime.loop;

import io.loggos.multicast.runtime.GroupLoop;

/** The loop, as the groups of its node see it. */
public final class LoopSteps implements GroupLoop {
    private final NodeLoop loop;

    public LoopSteps(NodeLoop loop) {
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
}
