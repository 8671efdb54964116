package io.loggos.api.node;

import io.loggos.api.LoggosException;

/** A slot is not skipped, or not all replicas have agreed to it yet. The message says which, and why. */
public final class SlotNotSkippedException extends LoggosException {
    private static final long serialVersionUID = 1L;

    public SlotNotSkippedException(String message) {
        super(message);
    }
}
