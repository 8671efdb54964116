package io.loggos.paxos.synchronous;

import io.loggos.api.LoggosException;
import org.jspecify.annotations.Nullable;

/** An assumption of synchronous consensus did not hold here, so this member decides nothing. */
public final class SynchronyLostException extends LoggosException {
    private static final long serialVersionUID = 1L;

    SynchronyLostException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
