package io.loggos.api;

/** The command is over the limit. Nothing happened, and trying again is of no use. */
public final class CommandTooLargeException extends LoggosException {
    private static final long serialVersionUID = 1L;

    public CommandTooLargeException(String message) {
        super(message);
    }
}
