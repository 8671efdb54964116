package io.loggos.api.snapshot;

import java.util.concurrent.Executor;

/** A part of the application that takes part in global snapshots. Safe for use by any thread. */
public interface Participant extends Executor, AutoCloseable {
    String name();

    /**
     * Runs a step of the application later, on the thread of the group listeners: its changes and what it sends are
     * wholly before a cut or wholly after it. A step that throws is logged.
     *
     * @throws io.loggos.api.NodeClosedException if this participant or its node is closed
     */
    @Override
    void execute(Runnable step);

    /** Is recorded no more. Calling it again does nothing. */
    @Override
    void close();
}
