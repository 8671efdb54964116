package io.loggos.storage.kv.access;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The tokens that this replica knows. They are no part of the replicated state: a token ends at a replica when it has not
 * been used there for some time, and when the replica starts again. Any thread.
 */
final class TokenTable {
    private static final int SWEEP_EVERY = 1024;

    private final Map<String, Entry> tokens = new ConcurrentHashMap<>();
    private volatile long ttlNanos;
    private final LongSupplier nanos;
    private int sinceSweep;

    private static final class Entry {
        private final String user;
        private volatile long usedNanos;

        Entry(String user, long usedNanos) {
            this.user = user;
            this.usedNanos = usedNanos;
        }
    }

    TokenTable(long ttlNanos, LongSupplier nanos) {
        this.ttlNanos = ttlNanos;
        this.nanos = nanos;
    }

    /**
     * Sets the time after which a token ends that is not used.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    void keep(long nanosUnused) {
        if (nanosUnused <= 0) {
            throw new IllegalArgumentException("a token is kept for a time, not for " + nanosUnused + " ns");
        }
        ttlNanos = nanosUnused;
    }

    /**
     * Adds a token. One thread.
     *
     * @param ageNanos time since it was issued, as far as known. A log that is read again has tokens that have ended
     */
    void add(String token, String user, long ageNanos) {
        if (ageNanos >= ttlNanos) {
            return;
        }
        long now = nanos.getAsLong();
        if (++sinceSweep >= SWEEP_EVERY) {
            sinceSweep = 0;
            tokens.values().removeIf(entry -> now - entry.usedNanos >= ttlNanos);
        }
        tokens.put(token, new Entry(user, now - Math.max(0, ageNanos)));
    }

    /** Returns the user of a token, whose time begins anew; null if there is none. */
    @Nullable
    String use(String token) {
        Entry entry = tokens.get(token);
        long now = nanos.getAsLong();
        if (entry == null) {
            return null;
        }
        if (now - entry.usedNanos >= ttlNanos) {
            tokens.remove(token, entry);
            return null;
        }
        entry.usedNanos = now;
        return entry.user;
    }

    /** Ends the tokens of a user. */
    void end(String user) {
        tokens.values().removeIf(entry -> entry.user.equals(user));
    }

    /** Ends all tokens. */
    void endAll() {
        tokens.clear();
    }
}
