package io.loggos.storage.kv.lease;

import io.loggos.api.kv.KeyValueException;
import io.loggos.api.kv.KeyValueException.Reason;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The leases of a store, and the decision which of them have expired. Not thread-safe.
 *
 * <p>Each grant and each renewal has a number, which rises along the log. Any replica measures the time since it has
 * applied the last renewal of a lease, with its monotonic clock. When the time to live is over, the leader proposes the
 * expiry, and names the renewal from which it has counted. The table lets the lease expire only if that is still its
 * last renewal. So a renewal that stands before the expiry in the log is never overlooked, and all replicas decide alike
 * (RULES.md SS-1). Safety needs no leader: the claim "this lease was not renewed for its time to live" is true, whoever
 * makes it.
 *
 * <p>Log time is the second witness. It may be a tenth slower than the clock of the leader (RULES.md SS-2). An expiry
 * for which log time has not risen by nine tenths of the time to live is refused. It comes from a wrong clock.
 *
 * <p>A new leader takes over. That counts as a renewal of all leases, so that each has a whole time to live to find the
 * new leader.
 */
final class LeaseTable {
    /** Shortest time to live. A shorter one would end in every election. */
    static final long LEAST_TTL_MILLIS = 2_000;
    /** Longest time to live, that of etcd. */
    static final long MOST_TTL_MILLIS = 9_000_000_000L * 1_000;
    /** Time after which an expiry is proposed again that did not take effect. */
    static final long RETRY_MILLIS = 1_000;

    private static final int SLACK_DIVISOR = 10;

    /** The claim that a lease was not renewed for its time to live since this renewal. */
    record Claim(long id, long renewal) {}

    /** The time at which a lease may have expired. Renewals do not move it: it is looked at again when it is reached. */
    private record Deadline(long atMillis, LeaseEntry lease) {}

    private final TreeMap<Long, LeaseEntry> leases = new TreeMap<>();
    /** One entry for each lease, and some for leases that are gone. Local. */
    private final PriorityQueue<Deadline> deadlines = new PriorityQueue<>(Comparator.comparingLong(Deadline::atMillis));

    private long lastRenewal;
    /** The number of the last takeover, which renewed all leases, and its log time. */
    private long takeover;

    private long takeoverMillis;
    private long takeoverLocalMillis;
    /** The highest log time of a command that was applied here. */
    private long logMillis;

    /** Notes the log time of a command. */
    void at(long commandMillis) {
        logMillis = Math.max(logMillis, commandMillis);
    }

    /**
     * Adds a lease. A time to live that is too short is raised.
     *
     * @param localMillis the time of this replica's monotonic clock, rounded up
     * @throws KeyValueException if there is one of that id, or its time to live is too long
     */
    LeaseEntry grant(long id, long ttlMillis, long localMillis) {
        if (id == 0) {
            throw new KeyValueException(Reason.LEASE_NOT_FOUND, "no lease has the id 0");
        }
        if (ttlMillis > MOST_TTL_MILLIS) {
            throw new KeyValueException(
                    Reason.LEASE_TTL_TOO_LARGE, "a lease lives at most " + MOST_TTL_MILLIS / 1_000 + " s");
        }
        if (leases.containsKey(id)) {
            throw new KeyValueException(Reason.LEASE_EXISTS, "there is a lease " + id + " already");
        }
        LeaseEntry lease = new LeaseEntry(id, Math.max(LEAST_TTL_MILLIS, ttlMillis));
        add(lease, localMillis);
        renew(lease, localMillis);
        return lease;
    }

    /** Begins the time to live of a lease anew. */
    void renew(LeaseEntry lease, long localMillis) {
        lease.renewal = ++lastRenewal;
        lease.renewedMillis = logMillis;
        lease.localMillis = localMillis;
        lease.isUnwritten = true;
    }

    /** Begins the time to live of all leases anew, since there is a new leader. */
    void takeOver(long localMillis) {
        takeover = ++lastRenewal;
        takeoverMillis = logMillis;
        takeoverLocalMillis = localMillis;
    }

    /** Tells if a claim is true at this place of the log: then the lease has expired. */
    boolean isExpired(Claim claim) {
        LeaseEntry lease = leases.get(claim.id());
        if (lease == null || claim.renewal() != renewal(lease)) {
            return false;
        }
        return logMillis - loggedMillis(lease) >= lease.ttlMillis - lease.ttlMillis / SLACK_DIVISOR - 1;
    }

    /** Removes a lease. Returns it, or null if there is none. */
    @Nullable
    LeaseEntry remove(long id) {
        return leases.remove(id);
    }

    @Nullable
    LeaseEntry get(long id) {
        return leases.get(id);
    }

    boolean contains(long id) {
        return leases.containsKey(id);
    }

    int size() {
        return leases.size();
    }

    /** Returns all leases in the order of their ids. */
    Collection<LeaseEntry> all() {
        return leases.values();
    }

    /**
     * Returns claims for leases whose time to live is over by the clock of this replica. A lease is not named again
     * before {@link #RETRY_MILLIS} have passed.
     *
     * @param localMillis the time of this replica's monotonic clock, rounded down
     */
    List<Claim> due(long localMillis, int most) {
        List<Claim> due = new ArrayList<>();
        while (due.size() < most && !deadlines.isEmpty() && deadlines.peek().atMillis() <= localMillis) {
            LeaseEntry lease = deadlines.remove().lease();
            if (leases.get(lease.id) != lease) {
                continue;
            }
            long deadline = beganMillis(lease) + lease.ttlMillis;
            if (deadline <= localMillis) {
                due.add(new Claim(lease.id, renewal(lease)));
                deadline = localMillis + RETRY_MILLIS;
            }
            deadlines.add(new Deadline(deadline, lease));
        }
        return due;
    }

    /** Returns an estimate of the time until a lease expires, by the clock of this replica and by log time. */
    long remainingMillis(LeaseEntry lease, long localMillis) {
        long passed = Math.max(localMillis - beganMillis(lease), logMillis - loggedMillis(lease));
        return Math.max(0, Math.min(lease.ttlMillis, lease.ttlMillis - passed));
    }

    /** Returns the local time from which the time to live of a lease counts. */
    private long beganMillis(LeaseEntry lease) {
        return takeover > lease.renewal ? Math.max(lease.localMillis, takeoverLocalMillis) : lease.localMillis;
    }

    /** Returns the log time from which it counts. */
    private long loggedMillis(LeaseEntry lease) {
        return takeover > lease.renewal ? takeoverMillis : lease.renewedMillis;
    }

    private long renewal(LeaseEntry lease) {
        return Math.max(lease.renewal, takeover);
    }

    private void add(LeaseEntry lease, long localMillis) {
        leases.put(lease.id, lease);
        lease.localMillis = localMillis;
        deadlines.add(new Deadline(localMillis + lease.ttlMillis, lease));
    }

    long lastRenewal() {
        return lastRenewal;
    }

    long takeover() {
        return takeover;
    }

    long takeoverMillis() {
        return takeoverMillis;
    }

    long logMillis() {
        return logMillis;
    }

    /** Replaces the state by a stored one without leases. */
    void restore(long storedLastRenewal, long storedTakeover, long storedTakeoverMillis, long storedLogMillis) {
        leases.clear();
        deadlines.clear();
        lastRenewal = storedLastRenewal;
        takeover = storedTakeover;
        takeoverMillis = storedTakeoverMillis;
        logMillis = storedLogMillis;
    }

    /** Adds a stored lease. Its time is counted from now on, so that it does not expire early. */
    void restore(long id, long ttlMillis, long renewal, long renewedMillis, long localMillis) {
        LeaseEntry lease = new LeaseEntry(id, ttlMillis);
        lease.renewal = renewal;
        lease.renewedMillis = renewedMillis;
        lease.isUnwritten = false;
        add(lease, localMillis);
    }
}
