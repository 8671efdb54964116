package io.loggos.testkit.sim;

import io.loggos.api.NodeId;
import java.util.ArrayDeque;

/**
 * Loop of one life of a simulated node: one turn at a time, and another when the node's next tick is due. A pause holds
 * turns back and a crash drops them.
 */
public final class TurnLoop {
    /** Code that runs in the turns of a life. */
    public interface Body {
        /** Handles an event, and sends all that follows from it. */
        void runTurn(Runnable event);

        /** Returns the time at which a turn is due without an event; {@link Long#MAX_VALUE} if never. */
        long nextTickNanos();
    }

    private final Simulation world;
    private final NodeId node;
    private final Body body;
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
    private boolean crashed;
    private boolean paused;
    private boolean turning;
    private long tickAtNanos = Long.MAX_VALUE;

    public TurnLoop(Simulation world, NodeId node, Body body) {
        this.world = world;
        this.node = node;
        this.body = body;
    }

    public boolean isPaused() {
        return paused;
    }

    /** Runs a turn: now, when the node goes on, or never if its life is over. */
    public void turn(Runnable event) {
        if (crashed) {
            return;
        }
        if (paused) {
            waiting.add(event);
            return;
        }
        if (turning) {
            throw new IllegalStateException("a turn within a turn");
        }
        turning = true;
        try {
            body.runTurn(event);
        } finally {
            turning = false;
        }
        if (!crashed && !paused) {
            schedule();
        }
    }

    private void schedule() {
        long next = body.nextTickNanos();
        if (next < tickAtNanos || tickAtNanos <= world.time.nanos()) {
            tickAtNanos = next;
            world.time.at(next, () -> {
                if (tickAtNanos == next && !crashed) {
                    tickAtNanos = Long.MAX_VALUE;
                    if (!paused) {
                        turn(() -> {});
                    }
                }
            });
        }
    }

    /**
     * Ends the life.
     *
     * @param silently true if the others see nothing of it, as after a power loss
     */
    public void crash(boolean silently) {
        world.trace(node, () -> silently ? "loses power" : "crashes");
        if (silently) {
            world.network.powerOff(node);
        } else {
            world.network.crash(node);
        }
        crashed = true;
        paused = false;
        waiting.clear();
        world.network.resume(node);
    }

    /** Holds turns and the network's reports back. */
    public void pause() {
        world.trace(node, () -> "is paused");
        paused = true;
        world.network.pause(node);
    }

    /** Goes on with what was held back, in its order. */
    public void resume() {
        if (paused) {
            world.trace(node, () -> "goes on");
            paused = false;
            world.network.resume(node);
            while (!waiting.isEmpty() && !paused) {
                turn(waiting.remove());
            }
            turn(() -> {});
        }
    }
}
