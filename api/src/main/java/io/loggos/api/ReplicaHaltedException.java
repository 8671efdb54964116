package io.loggos.api;

import org.jspecify.annotations.Nullable;

/**
 * This replica has stopped: its disk failed, its state machine threw, or it found its state to differ. The
 * other replicas go on. The message names the log, and the slot where there is one.
 */
public final class ReplicaHaltedException extends LoggosException {
    private static final long serialVersionUID = 1L;

    public ReplicaHaltedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
