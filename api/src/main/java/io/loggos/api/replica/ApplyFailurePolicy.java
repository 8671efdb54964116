package io.loggos.api.replica;

/**
 * Reaction to an exception that {@link StateMachine#apply} throws.
 *
 * <p>A fault of this node always halts its replica, because the others do not see it. That is an {@link Error}, a {@link
 * io.loggos.api.StorageException} or a {@link java.nio.file.FileSystemException}, also as a cause of the exception. Any
 * other exception is taken for one that all replicas see, a checked one as well.
 */
public enum ApplyFailurePolicy {
    /** The replica halts at that slot and takes no further part until it is opened again. */
    HALT,
    /**
     * The exception becomes the command's answer ({@link CommandFailedException}), and the next command is applied.
     * Choose this only for a state machine that throws before it changes anything, and throws on all replicas alike.
     */
    ANSWER
}
