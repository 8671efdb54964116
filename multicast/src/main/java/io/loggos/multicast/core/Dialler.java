package io.loggos.multicast.core;

import io.loggos.api.NodeId;
import io.loggos.api.spi.Transport.Connection;
import io.loggos.multicast.Invariants;
import org.jspecify.annotations.Nullable;

/**
 * Connection to one peer: dialled, greeted, in use, and dialled again when it breaks.
 *
 * <p>Failures in a row double the wait. A refusal that only a person can end makes it long.
 */
final class Dialler {
    enum State {
        /** The peer is dialled at the deadline. */
        WAITING,
        /** The transport was asked, and has until the deadline. */
        DIALLING,
        /** Hello was sent, and the peer has until the deadline to answer. */
        GREETING,
        /** The peer has welcomed this node. */
        ESTABLISHED
    }

    /** A connection gets one more second for each MiB in flight before it counts as half-open. */
    private static final long SLOWEST_BYTES_PER_SECOND = 1 << 20;

    private final NodeId peer;
    private final LinkSettings settings;

    private State state = State.WAITING;
    /** Not null exactly in GREETING and ESTABLISHED. */
    private @Nullable Connection connection;
    /** End of WAITING, DIALLING and GREETING; undefined in ESTABLISHED. */
    private long deadlineNanos;
    /** Time at which something last came over the connection. */
    private long lastHeardNanos;
    /** Number of connections that this process has opened to this peer. */
    private long attempts;
    /** Number of attempts in a row without a Welcome. */
    private int failures;
    /** True if the wait is the long one after a refusal. */
    private boolean refused;

    Dialler(NodeId peer, LinkSettings settings) {
        this.peer = peer;
        this.settings = settings;
    }

    State state() {
        return state;
    }

    boolean uses(Connection c) {
        return connection == c;
    }

    /** Connection that frames may be sent on, or null. */
    @Nullable
    Connection established() {
        return state == State.ESTABLISHED ? connection : null;
    }

    /** Connection that waits for a Welcome, or null. */
    @Nullable
    Connection greeting() {
        return state == State.GREETING ? connection : null;
    }

    void start(long now) {
        deadlineNanos = now;
    }

    /** Begins to dial, if it is time; returns whether it did. */
    boolean dialIsDue(long now) {
        if (state != State.WAITING || now < deadlineNanos) {
            return false;
        }
        state = State.DIALLING;
        deadlineNanos = now + settings.electionNanos();
        return true;
    }

    /** Takes a connection; returns false if it comes too late to be of use. */
    boolean connected(Connection c, long now) {
        if (connection != null) {
            return false;
        }
        state = State.GREETING;
        connection = c;
        deadlineNanos = now + settings.electionNanos();
        lastHeardNanos = now;
        attempts++;
        return true;
    }

    /** Number of the present or last connection. */
    long attempt() {
        return attempts;
    }

    void welcomed() {
        state = State.ESTABLISHED;
        failures = 0;
        refused = false;
    }

    void heard(long now) {
        lastHeardNanos = now;
    }

    /** Returns why the present attempt or connection has lasted too long, or null. */
    @Nullable
    String overdue(long now, long inFlightBytes) {
        return switch (state) {
            case WAITING -> null;
            case DIALLING -> now < deadlineNanos ? null : peer + " did not answer the call";
            case GREETING -> now < deadlineNanos ? null : peer + " did not answer the Hello";
            case ESTABLISHED ->
                now < silentAtNanos(inFlightBytes)
                        ? null
                        : settings.self() + " has heard nothing for " + (now - lastHeardNanos) / 1_000_000 + " ms";
        };
    }

    long nextTickNanos(long inFlightBytes) {
        return state == State.ESTABLISHED ? silentAtNanos(inFlightBytes) : deadlineNanos;
    }

    /** Closes the present attempt or connection, and waits before the next. */
    void drop(String reason, long now) {
        Connection c = connection;
        gone(now);
        if (c != null) {
            c.close(reason);
        }
    }

    /** Notes that the connection has ended, or could not be opened. */
    void gone(long now) {
        connection = null;
        state = State.WAITING;
        deadlineNanos = now + settings.backoffNanos(failures);
        failures++;
    }

    /** Begins the long wait: the peer was refused, or has refused this node. */
    void refused(long now) {
        refused = true;
        deadlineNanos = now + settings.refusedBackoffNanos();
    }

    /** Closes the present attempt or connection, and never dials again. */
    void retire(String reason, long now) {
        drop(reason, now);
        refused = true;
        deadlineNanos = Long.MAX_VALUE;
    }

    /**
     * Dials sooner, since the peer has shown itself.
     *
     * <p>A call that was made before may never be answered.
     */
    void peerIsThere(long now) {
        if (refused) {
            return;
        }
        failures = 0;
        if (state == State.WAITING) {
            deadlineNanos = Math.min(deadlineNanos, now);
        } else if (state == State.DIALLING) {
            deadlineNanos = Math.min(deadlineNanos, now + settings.heartbeatNanos());
        }
    }

    /** Starts all windows anew, since this node itself was not running. */
    void pardon(long now) {
        lastHeardNanos = now;
        if (state == State.DIALLING || state == State.GREETING) {
            deadlineNanos = now + settings.electionNanos();
        }
    }

    void checkInvariants() {
        boolean expected = state == State.GREETING || state == State.ESTABLISHED;
        Invariants.check((connection != null) == expected, state + " with or without a connection");
    }

    private long silentAtNanos(long inFlightBytes) {
        return lastHeardNanos + settings.electionNanos() + inFlightBytes * 1_000_000_000L / SLOWEST_BYTES_PER_SECOND;
    }
}
