package io.loggos.api;

/** What a {@link RuntimeException} out of {@link StateMachine#apply} does. An {@link Error} always halts. */
public enum ApplyFailurePolicy {
    /** The replica halts at that slot, loudly, and takes no part any more until it is opened again. */
    HALT,
    /**
     * The exception is the command's answer ({@link CommandFailedException}) and the next command is applied.
     * Right only for state machines that throw before they change anything, and on all replicas alike.
     */
    ANSWER
}
