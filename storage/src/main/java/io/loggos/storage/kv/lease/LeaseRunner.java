package io.loggos.storage.kv.lease;

import io.loggos.api.Bytes;
import io.loggos.api.StorageException;
import io.loggos.api.kv.KeyValueException;
import io.loggos.api.kv.KeyValueException.Reason;
import io.loggos.api.kv.LeaseStatus;
import io.loggos.internal.codec.ByteReader;
import io.loggos.internal.codec.ByteWriter;
import io.loggos.internal.codec.MalformedException;
import io.loggos.storage.kv.lease.LeaseTable.Claim;
import io.loggos.storage.kv.versions.KeyRecord;
import io.loggos.storage.kv.versions.LeaseRows;
import io.loggos.storage.kv.versions.VersionedStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * Executes commands on leases. The keys of a lease that ends are deleted through the versions, at one revision, as by a
 * transaction.
 *
 * <p>The leases are in memory, their keys are rows. {@link #store} writes the leases to rows for a checkpoint. All
 * methods belong to the thread that applies commands, except {@link #count}.
 */
public final class LeaseRunner {
    /** Number of keys deleted before the rest of the keys of a lease is read. */
    private static final int DELETE_CHUNK = 1024;

    private static final int FORMAT = 1;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final VersionedStore versions;
    private final LeaseRows rows;
    private final LeaseTable table = new LeaseTable();
    /** This replica's monotonic clock. It tells when to propose an expiry, and no command's effect depends on it. */
    private final LongSupplier nanos;

    private volatile int count;
    private Runnable first = () -> {};

    /** Begins with the leases that are in the store. */
    public LeaseRunner(VersionedStore versions, LongSupplier nanos) {
        this.versions = versions;
        this.rows = versions.leaseRows();
        this.nanos = nanos;
        load();
    }

    /** Sets what runs when there are leases and were none before. It must be short. Before any command. */
    public void onFirst(Runnable action) {
        first = action;
    }

    /** The number of leases. Any thread. */
    public int count() {
        return count;
    }

    /** Tells if there is a lease of this id. */
    public boolean exists(long id) {
        return table.contains(id);
    }

    /**
     * Executes a command and returns its answer.
     *
     * @param logMillis the log time of the command
     * @throws KeyValueException if it is refused; nothing has changed then
     * @throws MalformedException if the bytes are no command on leases
     */
    public Bytes apply(Bytes command, long logMillis) {
        LeaseAnswer answer = run(LeaseCodec.decodeCommand(command), logMillis);
        setCount();
        return LeaseCodec.encode(answer);
    }

    private LeaseAnswer run(LeaseCommand command, long logMillis) {
        table.at(logMillis);
        if (command instanceof LeaseCommand.Grant grant) {
            LeaseEntry lease = table.grant(grant.id(), grant.ttlMillis(), localMillisUp());
            versions.note(lease.id, lease.renewal);
            return new LeaseAnswer.Granted(lease.id, lease.ttlMillis);
        }
        if (command instanceof LeaseCommand.Revoke revoke) {
            if (!table.contains(revoke.id())) {
                throw new KeyValueException(Reason.LEASE_NOT_FOUND, "there is no lease " + revoke.id());
            }
            end(revoke.id());
            return new LeaseAnswer.Revoked(versions.revision());
        }
        if (command instanceof LeaseCommand.Renew renew) {
            return new LeaseAnswer.Renewed(renew(renew.ids()));
        }
        if (command instanceof LeaseCommand.Expire expire) {
            return new LeaseAnswer.Expired(expire(expire.claims()));
        }
        table.takeOver(localMillisUp());
        versions.note(0, table.lastRenewal());
        return new LeaseAnswer.TakenOver();
    }

    private List<Long> renew(List<Long> ids) {
        long now = localMillisUp();
        List<Long> ttlMillis = new ArrayList<>(ids.size());
        for (long id : ids) {
            LeaseEntry lease = table.get(id);
            if (lease != null) {
                table.renew(lease, now);
                versions.note(id, lease.renewal);
            }
            ttlMillis.add(lease == null ? 0 : lease.ttlMillis);
        }
        return ttlMillis;
    }

    private int expire(List<Claim> claims) {
        int expired = 0;
        for (Claim claim : claims) {
            if (table.isExpired(claim)) {
                end(claim.id());
                expired++;
            }
        }
        return expired;
    }

    /** Ends a lease, and deletes its keys at one revision. */
    private void end(long id) {
        table.remove(id);
        rows.header(id, null);
        versions.note(id, -1);
        long revision = versions.revision() + 1;
        int changes = 0;
        Bytes from = Bytes.EMPTY;
        List<Bytes> keys;
        do {
            keys = rows.keys(id, from, DELETE_CHUNK);
            for (Bytes key : keys) {
                KeyRecord standing = versions.current(key);
                if (standing == null || standing.lease != id) {
                    throw new StorageException(
                            StorageException.Kind.CORRUPT, "the key " + key + " is not of the lease " + id);
                }
                versions.delete(key, standing, revision, changes++);
                from = key;
            }
        } while (keys.size() == DELETE_CHUNK);
        if (changes > 0) {
            versions.revision(revision);
        }
    }

    /** Returns claims for the leases that are due by the clock of this replica. */
    List<Claim> due(int most) {
        return table.due(Math.floorDiv(nanos.getAsLong(), NANOS_PER_MILLI), most);
    }

    /**
     * Returns the status of a lease, without its keys.
     *
     * @throws KeyValueException if there is none
     */
    LeaseStatus status(long id) {
        LeaseEntry lease = table.get(id);
        if (lease == null) {
            throw new KeyValueException(Reason.LEASE_NOT_FOUND, "there is no lease " + id);
        }
        return new LeaseStatus(
                id,
                Duration.ofMillis(lease.ttlMillis),
                Duration.ofMillis(table.remainingMillis(lease, localMillisUp())),
                List.of());
    }

    /** Returns the ids of all leases. The one that would expire first comes first. */
    List<Long> list() {
        long now = localMillisUp();
        return table.all().stream()
                .sorted(Comparator.comparingLong((LeaseEntry lease) -> table.remainingMillis(lease, now))
                        .thenComparingLong(lease -> lease.id))
                .map(lease -> lease.id)
                .toList();
    }

    /** Adds leases of another store, with these times to live. */
    public void load(SortedMap<Long, Duration> ttls) {
        ttls.forEach((id, ttl) -> table.grant(id, ttl.toMillis(), localMillisUp()));
        setCount();
    }

    /** Returns the times to live of all leases, by their ids. */
    public SortedMap<Long, Duration> ttls() {
        SortedMap<Long, Duration> ttls = new TreeMap<>();
        table.all().forEach(lease -> ttls.put(lease.id, Duration.ofMillis(lease.ttlMillis)));
        return ttls;
    }

    /** Writes the leases that have changed to the rows of the store. */
    public void store() {
        if (table.lastRenewal() == 0) {
            return;
        }
        for (LeaseEntry lease : table.all()) {
            if (lease.isUnwritten) {
                rows.header(
                        lease.id,
                        new ByteWriter(24)
                                .putLong(lease.ttlMillis)
                                .putLong(lease.renewal)
                                .putLong(lease.renewedMillis)
                                .toBytes());
                lease.isUnwritten = false;
            }
        }
        rows.table(new ByteWriter(33)
                .putByte(FORMAT)
                .putLong(table.lastRenewal())
                .putLong(table.takeover())
                .putLong(table.takeoverMillis())
                .putLong(table.logMillis())
                .toBytes());
    }

    /** Replaces the leases by those in the rows of the store. */
    public void load() {
        Bytes row = rows.table();
        if (row == null) {
            table.restore(0, 0, 0, 0);
            setCount();
            return;
        }
        try {
            ByteReader reader = new ByteReader(row);
            int format = reader.getByte();
            if (format != FORMAT) {
                throw new StorageException(StorageException.Kind.OTHER_FORMAT, "leases of format " + format);
            }
            table.restore(reader.getCount(), reader.getCount(), reader.getLong(), reader.getLong());
            reader.end();
            long now = localMillisUp();
            rows.headers((id, header) -> {
                ByteReader each = new ByteReader(header);
                table.restore(id, each.getCount(), each.getCount(), each.getLong(), now);
                each.end();
            });
        } catch (MalformedException e) {
            throw new StorageException(StorageException.Kind.CORRUPT, "leases: " + e.getMessage(), e);
        }
        setCount();
    }

    private void setCount() {
        int before = count;
        count = table.size();
        if (before == 0 && count > 0) {
            first.run();
        }
    }

    private long localMillisUp() {
        return Math.floorDiv(nanos.getAsLong(), NANOS_PER_MILLI) + 1;
    }
}
