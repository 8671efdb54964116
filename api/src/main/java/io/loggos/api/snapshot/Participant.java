package io.loggos.api.snapshot;

import java.util.concurrent.Executor;

/** A part of the application that takes part in global snapshots. Safe for use by any thread. */
public interface Participant extends Executor, AutoCloseable {
    /** The name, under which snapshots contain the recorded state. */
    String name();

    /**
     * Runs a step of the application later, on this participant's thread {@code participant-NAME}.
     *
     * <p>The changes that the step makes and the messages that it sends are all before a cut or all after it. What
     * the step throws goes to the node's {@link io.loggos.api.node.ErrorHandler}.
     *
     * <p>A group whose options name this participant as executor calls its listener on the same thread.
     *
     * @throws io.loggos.api.OverloadedException if 65,536 steps wait
     * @throws io.loggos.api.NodeClosedException if this participant or its node is closed
     */
    @Override
    void execute(Runnable step);

    /** Takes the participant out of all later snapshots. A second call does nothing. */
    @Override
    void close();
}
