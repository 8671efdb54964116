package io.loggos.multicast.core;

import io.loggos.api.Bytes;
import io.loggos.api.spi.Transport.Connection;
import java.util.ArrayDeque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** Accepted connections that have sent no Hello yet, the oldest first. Their number and their time are bounded. */
final class PendingConnections {
    static final int LIMIT = 64;

    private record Pending(Connection connection, Bytes challenge, long deadlineNanos) {}

    private final long timeoutNanos;
    private final ArrayDeque<Pending> pending = new ArrayDeque<>();

    PendingConnections(long timeoutNanos) {
        this.timeoutNanos = timeoutNanos;
    }

    /**
     * Adds a connection, or closes it if there is no room; returns whether there is.
     *
     * @param challenge the nonce that the connection is sent; empty if there is no secret
     */
    boolean add(Connection connection, Bytes challenge, long now) {
        if (pending.size() == LIMIT) {
            connection.close("too many connections that have not said Hello");
            return false;
        }
        pending.addLast(new Pending(connection, challenge, now + timeoutNanos));
        return true;
    }

    /** Removes a connection; returns the nonce that it was sent, or null if it was not there. */
    @Nullable
    Bytes remove(Connection connection) {
        for (Iterator<Pending> it = pending.iterator(); it.hasNext(); ) {
            Pending one = it.next();
            if (one.connection() == connection) {
                it.remove();
                return one.challenge();
            }
        }
        return null;
    }

    /** Closes the connections whose time is over. */
    void tick(long now) {
        for (Pending oldest = pending.peekFirst();
                oldest != null && oldest.deadlineNanos() <= now;
                oldest = pending.peekFirst()) {
            pending.removeFirst();
            oldest.connection().close("no Hello came");
        }
    }

    long nextTickNanos() {
        Pending oldest = pending.peekFirst();
        return oldest == null ? Long.MAX_VALUE : oldest.deadlineNanos();
    }

    void closeAll(String reason) {
        for (Pending one : pending) {
            one.connection().close(reason);
        }
        pending.clear();
    }
}
