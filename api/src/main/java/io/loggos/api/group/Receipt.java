package io.loggos.api.group;

import java.util.Optional;

/**
 * The fate of one message, as its sender knows it.
 *
 * @param outcome the last thing that is known
 * @param view the view in which the message was sent. With {@link Outcome#NOT_SENT}, the view that had no such member, or
 *     empty if the group was closed first
 */
public record Receipt(Outcome outcome, Optional<View> view) {
    /** The outcomes of a message. */
    public enum Outcome {
        /**
         * A multicast: the listener of this member has received it, and so will all that go on to the next view with this
         * member. A message to one member: its listener has received it, or will before the next view.
         *
         * <p>A member that fails receives nothing more, and a member that is excluded alone may take the message with it.
         */
        DELIVERED,
        /**
         * The listener of this member has received it. Every member of the view has it, or every member that goes on with
         * this one to the next view, and that is primary. They deliver it even if this member fails. Only messages with
         * {@link Delivery#SAFE} end so.
         */
        STABLE,
        /**
         * It is not known to be delivered: the view changed, or this membership ended, before that was known. Some
         * members may have received it.
         */
        UNKNOWN,
        /** Nobody receives it: the receiver is not a member of the view, or the group was closed first. */
        NOT_SENT
    }

    /** True if the message is known to be delivered. */
    public boolean isDelivered() {
        return outcome == Outcome.DELIVERED || outcome == Outcome.STABLE;
    }
}
