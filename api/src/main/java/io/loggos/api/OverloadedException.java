package io.loggos.api;

/**
 * The call was refused because too much is pending. It had no effect, so try again later.
 *
 * <p>The exception has no stack trace. A refusal must cost less than an accepted command; otherwise a flood of refusals
 * takes the processor from the accepted commands.
 */
public final class OverloadedException extends LoggosException {
    private static final long serialVersionUID = 1L;

    public OverloadedException(String message) {
        super(message);
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
