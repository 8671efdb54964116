package io.loggos.api.member;

import io.loggos.api.LoggosException;

/** A change of the members that is refused. It has no effect. */
public final class MemberChangeException extends LoggosException {
    private static final long serialVersionUID = 1L;

    /** The kind of refusal. */
    public enum Reason {
        /** The configuration has another number than expected, because of another change. */
        CONFIG_CONFLICT,
        /** Another change is under way. */
        BUSY,
        /** The new voters in contact are no quorum. */
        UNREACHABLE,
        /** The change is not possible: it names no member, or leaves no voter. */
        INVALID
    }

    private final Reason reason;

    public MemberChangeException(Reason reason, String message) {
        super(reason + ": " + message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
