package io.loggos.paxos.sim;

import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Actions that run once, between two steps of the agents of a node. */
final class FaultPoints {
    private final SimCluster cluster;
    /** The sum of the slots of the newest checkpoints. */
    private final LongSupplier checkpoints;

    private @Nullable Runnable atCheckpoint;
    private long checkpointBefore;
    /** Runs after {@link #stepsLeft} more steps of {@link #steppingAgent}. */
    private @Nullable Runnable atStep;

    private String steppingAgent = "";
    private int stepsLeft;

    FaultPoints(SimCluster cluster, LongSupplier checkpoints) {
        this.cluster = cluster;
        this.checkpoints = checkpoints;
    }

    /** Does something when the next checkpoint is durable, before the log is told of it. */
    void atNextCheckpoint(Runnable action) {
        checkpointBefore = checkpoints.getAsLong();
        atCheckpoint = action;
    }

    /** Does something after so many further steps of an agent. */
    void afterSteps(String agent, int steps, Runnable action) {
        steppingAgent = agent;
        stepsLeft = steps;
        atStep = action;
    }

    void clear() {
        atCheckpoint = null;
        atStep = null;
    }

    /** An agent has taken a step. */
    void afterStep(String agent) {
        Runnable step = atStep;
        if (step != null && agent.equals(steppingAgent) && --stepsLeft <= 0) {
            atStep = null;
            cluster.note("a fault behind a step of " + agent);
            step.run();
            return;
        }
        Runnable action = atCheckpoint;
        if (action != null && agent.equals("checkpoint") && checkpoints.getAsLong() > checkpointBefore) {
            atCheckpoint = null;
            cluster.note("a fault behind a checkpoint");
            action.run();
        }
    }
}
