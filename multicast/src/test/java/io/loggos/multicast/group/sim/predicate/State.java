package io.loggos.multicast.group.sim.predicate;

import io.loggos.api.group.ViewId;

/**
 * State of an application, which shows what it was given. It has the sum over all multicasts, in any order, and a digest of
 * the total ones in theirs. Messages to one member alone are left out.
 */
public record State(long sum, long digest) {
    public static final State EMPTY = new State(0, 0);

    /** Common state of all members where views merge; an application would bring its states together. */
    public static State mergedIn(ViewId view) {
        return new State(view.counter(), view.coordinator().value());
    }

    public State after(Sent message) {
        if (message.to() != null) {
            return this;
        }
        long mixed = message.id() * 0x9E37_79B9_7F4A_7C15L;
        return new State(sum + (mixed ^ mixed >>> 29), message.isTotal() ? 31 * digest + mixed : digest);
    }

    @Override
    public String toString() {
        return Long.toHexString(sum) + "/" + Long.toHexString(digest);
    }
}
