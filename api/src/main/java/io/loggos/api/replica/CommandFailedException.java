package io.loggos.api.replica;

import io.loggos.api.LoggosException;
import io.loggos.api.Slot;

/** The state machine threw on this command, on every replica alike. The slot is used up. */
public final class CommandFailedException extends LoggosException {
    private static final long serialVersionUID = 1L;

    private final long slot;

    public CommandFailedException(Slot slot, String message) {
        super(message);
        this.slot = slot.value();
    }

    /** The slot of the command. */
    public Slot slot() {
        return Slot.of(slot);
    }
}
