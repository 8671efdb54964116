package io.loggos.snapshot.detect;

/**
 * A message that moves a resource.
 *
 * @param claim the process that asks, is given, or gives back, and the resource
 */
public record ClaimMessage<P, R>(Kind kind, Claim<P, R> claim) {
    /** Effect of a message. */
    public enum Kind {
        /** The process wants the resource. */
        REQUEST,
        /** The process has it. */
        GRANT,
        /** The process no longer has it. */
        RELEASE
    }

    /** Creates a message of this kind. */
    public static <P, R> ClaimMessage<P, R> of(Kind kind, P process, R resource) {
        return new ClaimMessage<>(kind, new Claim<>(process, resource));
    }
}
