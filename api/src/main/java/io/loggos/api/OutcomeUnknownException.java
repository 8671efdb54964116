package io.loggos.api;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The command was sent, and its outcome is unknown: it may have taken effect, may do so later, or never.
 *
 * <p>If it was proposed with a {@link RequestId}, the exception carries the id. The same command with the same id asks
 * for the outcome again, and takes effect once.
 */
public final class OutcomeUnknownException extends LoggosException {
    private static final long serialVersionUID = 1L;

    private final transient @Nullable RequestId requestId;

    public OutcomeUnknownException(String message) {
        this(message, null, null);
    }

    public OutcomeUnknownException(String message, @Nullable Throwable cause) {
        this(message, cause, null);
    }

    /**
     * Creates the exception of a command with an id.
     *
     * @param requestId the id of the command; null if it has none
     */
    public OutcomeUnknownException(String message, @Nullable Throwable cause, @Nullable RequestId requestId) {
        super(message, cause);
        this.requestId = requestId;
    }

    /** The id with which the outcome can be asked again. */
    public Optional<RequestId> requestId() {
        return Optional.ofNullable(requestId);
    }
}
