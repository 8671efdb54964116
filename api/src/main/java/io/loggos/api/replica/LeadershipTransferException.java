package io.loggos.api.replica;

import io.loggos.api.LoggosException;

/**
 * The leadership was not seen to go to the wanted replica. No command is lost by that: the leader goes on, or another
 * replica leads.
 */
public final class LeadershipTransferException extends LoggosException {
    private static final long serialVersionUID = 1L;

    /** The reason why the leadership was not transferred. */
    public enum Reason {
        /** This replica does not lead, or another one has taken the lead meanwhile. */
        NOT_LEADER,
        /** The target is no voter of the log. */
        UNKNOWN_TARGET,
        /** The target takes no part, or has no contact with this node or with a quorum. */
        UNREACHABLE_TARGET,
        /** The target lacks so many chosen slots that it cannot accept the leader's next ones. */
        TARGET_BEHIND,
        /** A transfer to another target is under way. */
        BUSY,
        /** The target was not seen to lead within an election timeout. It may still become the leader. */
        TIMED_OUT
    }

    private final Reason reason;

    public LeadershipTransferException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** The reason. */
    public Reason reason() {
        return reason;
    }
}
