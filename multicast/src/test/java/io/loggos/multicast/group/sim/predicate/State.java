package io.loggos.multicast.group.sim.predicate;

import io.loggos.api.group.ViewId;

/**
 * The state of an application, from which it can be seen what it was given: the sum over all multicasts, in whatever order,
 * and a digest of the total ones in theirs. What was sent to one member alone is left out.
 */
public record State(long sum, long digest) {
    public static final State EMPTY = new State(0, 0);

    /** Where views merge, all begin again from the same: bringing states together is up to the application. */
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
