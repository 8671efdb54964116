package io.loggos.paxos.runtime;

import io.loggos.multicast.runtime.GroupLoop;

/** The loop, as the groups of its node see it. */
final class LoopSteps implements GroupLoop {
    private final NodeLoop loop;

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
}
