package io.loggos.api.replica;

import io.loggos.api.LoggosException;
import org.jspecify.annotations.Nullable;

/**
 * This replica has stopped: its disk failed, its state machine threw, or its state differs from that of the others.
 *
 * <p>A message with {@code DIVERGED} names the slots in which its answers or its state became different from those of the
 * other replicas. Close its node, delete its checkpoints of the log, and open it again: the log or a peer has the state.
 *
 * <p>The call has no effect. The other replicas go on. The message names the log, and the slot if there is one.
 */
public final class ReplicaHaltedException extends LoggosException {
    private static final long serialVersionUID = 1L;

    public ReplicaHaltedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
