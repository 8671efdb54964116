package io.loggos.paxos.synchronous;

import io.loggos.api.LoggosException;
import org.jspecify.annotations.Nullable;

/** What a run of synchronous consensus assumes did not hold here, so that this member decides nothing. */
public final class SynchronyLostException extends LoggosException {
    private static final long serialVersionUID = 1L;

    SynchronyLostException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
