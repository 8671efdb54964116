package io.loggos.paxos.runtime.agent;

import io.loggos.internal.loop.Agent;
import io.loggos.internal.user.Lane;

/** Drains a lane. */
final class LaneAgent implements Agent {
    private static final int TASKS_PER_TURN = 64;

    private final String name;
    private final Lane lane;

    LaneAgent(String name, Lane lane) {
        this.name = name;
        this.lane = lane;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int doWork() {
        return lane.drain(TASKS_PER_TURN);
    }

    @Override
    public long nextWorkNanos() {
        return lane.isEmpty() ? Long.MAX_VALUE : Long.MIN_VALUE;
    }
}
