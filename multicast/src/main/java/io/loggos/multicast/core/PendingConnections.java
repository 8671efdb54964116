package io.loggos.multicast.core;

import io.loggos.api.spi.Transport.Connection;
import java.util.ArrayDeque;
import java.util.Iterator;

/** Accepted connections that have sent no Hello yet, the oldest first. Their number and their time are bounded. */
final class PendingConnections {
    static final int LIMIT = 64;

    private record Pending(Connection connection, long deadlineNanos) {}

    private final long timeoutNanos;
    private final ArrayDeque<Pending> pending = new ArrayDeque<>();

    PendingConnections(long timeoutNanos) {
        this.timeoutNanos = timeoutNanos;
    }

    void add(Connection connection, long now) {
        if (pending.size() == LIMIT) {
            connection.close("too many connections that have not said Hello");
        } else {
            pending.addLast(new Pending(connection, now + timeoutNanos));
        }
    }

    /** Removes a connection; returns whether it was there. */
    boolean remove(Connection connection) {
        for (Iterator<Pending> it = pending.iterator(); it.hasNext(); ) {
            if (it.next().connection() == connection) {
                it.remove();
                return true;
            }
        }
        return false;
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
