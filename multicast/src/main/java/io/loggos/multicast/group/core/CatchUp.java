package io.loggos.multicast.group.core;

import io.loggos.multicast.group.core.channel.ViewChannel;
import io.loggos.multicast.group.core.model.GroupSettings;

/**
 * A member's way from the state that it is given to the present (RULES.md V-14).
 *
 * <p>Messages wait until the application has the state, and then until it has taken those that came meanwhile. All that
 * time it holds up nobody: what it has received counts as taken. If too much waits, the member leaves.
 */
final class CatchUp {
    /** Value of {@link #limitBytes} for a member that does not catch up. */
    private static final long NONE = -1;

    private final GroupSettings settings;
    private final ViewChannel channel;
    /** Bytes that may wait while it catches up. */
    private long limitBytes;

    private boolean hasState;

    /**
     * Creates the catch-up of a member in one view.
     *
     * @param hasState false for a newcomer
     * @param limitBytes what may wait for a newcomer, or what is left of the catch-up in the view before
     */
    CatchUp(GroupSettings settings, ViewChannel channel, boolean hasState, long limitBytes) {
        this.settings = settings;
        this.channel = channel;
        this.hasState = hasState;
        this.limitBytes = limitBytes;
        channel.feedsUpTo(limitBytes);
    }

    /** Bytes that may wait while it catches up; -1 if it does not. */
    long limitBytes() {
        return limitBytes;
    }

    void stateRestored() {
        hasState = true;
    }

    /**
     * Looks at what waits for the application, and ends the catch-up if that is little.
     *
     * @param earlierBytes what waits of earlier views
     * @return why the member has to leave; empty if it may stay
     */
    String look(long earlierBytes) {
        long waitingBytes = channel.waitingBytes() + earlierBytes;
        if (hasState && waitingBytes <= settings.options().windowBytes()) {
            limitBytes = NONE;
            channel.feedsUpTo(NONE);
        }
        if (limitBytes != NONE) {
            return waitingBytes > limitBytes
                    ? "the state has not come before " + waitingBytes + " bytes of messages"
                    : "";
        }
        return waitingBytes > settings.mostWaitingBytes() ? "this member has not taken what was delivered to it" : "";
    }
}
