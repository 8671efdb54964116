package io.loggos.api.replica;

/** Reaction to a {@link RuntimeException} that {@link StateMachine#apply} throws. An {@link Error} always halts. */
public enum ApplyFailurePolicy {
    /** The replica halts at that slot and takes no further part until it is opened again. */
    HALT,
    /**
     * The exception becomes the command's answer ({@link CommandFailedException}), and the next command is applied.
     * Choose this only for a state machine that throws before it changes anything, and throws on all replicas alike.
     */
    ANSWER
}
