package io.loggos.storage.kv;

import io.loggos.api.Bytes;
import io.loggos.api.kv.KeyValueException;
import io.loggos.api.kv.KeyValueException.Reason;
import io.loggos.api.kv.Operation;
import io.loggos.api.kv.Outcome;
import io.loggos.api.kv.access.AccessException;
import io.loggos.api.kv.access.Identity;
import io.loggos.api.kv.maintenance.StoreContents;
import io.loggos.api.replica.CheckpointWriter;
import io.loggos.api.replica.Command;
import io.loggos.api.replica.StateMachine;
import io.loggos.internal.codec.MalformedException;
import io.loggos.storage.kv.access.AccessCodec;
import io.loggos.storage.kv.access.AccessRunner;
import io.loggos.storage.kv.lease.LeaseCodec;
import io.loggos.storage.kv.lease.LeaseRunner;
import io.loggos.storage.kv.maintenance.MaintainedState;
import io.loggos.storage.kv.maintenance.MaintenanceCodec;
import io.loggos.storage.kv.maintenance.MaintenanceRunner;
import io.loggos.storage.kv.operation.KeyValueCodec;
import io.loggos.storage.kv.operation.OperationChecks;
import io.loggos.storage.kv.rows.OrderedStore;
import io.loggos.storage.kv.versions.VersionedStore;
import io.loggos.storage.kv.versions.VersionsSnapshot;
import io.loggos.storage.kv.watch.ChangeFeed;
import io.loggos.storage.kv.watch.WatchedState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * The key-value store as a state machine, with the data model of etcd v3. A command is an {@link Operation} encoded by
 * {@link KeyValueCodec}, or a command on leases or for the upkeep. An answer is an {@link Outcome}, or a {@link KeyValueException} for a refusal. A refusal is an
 * answer like any other: it is the same on all replicas and changes nothing.
 *
 * <p>All methods belong to the thread that applies commands, except {@link #revision}, {@link #compactedRevision} and
 * {@link #sizeBytes}, which any thread may call. A store that fails throws {@link io.loggos.api.StorageException},
 * which halts the replica.
 */
public final class KeyValueStateMachine implements StateMachine, AutoCloseable {
    private final VersionedStore versions;
    private final LeaseRunner leases;
    private final MaintenanceRunner maintenance;
    private final AccessRunner access;
    private final OperationRunner runner;
    private final ChangeFeed feed;

    /** Creates a state machine that keeps its rows in this store and owns it from now on. */
    public KeyValueStateMachine(OrderedStore store) {
        this(store, new ChangeFeed(), System::nanoTime);
    }

    /** Creates a state machine that tells this feed of all changes. */
    public KeyValueStateMachine(OrderedStore store, ChangeFeed feed) {
        this(store, feed, System::nanoTime);
    }

    /**
     * Creates a state machine that tells this feed of all changes.
     *
     * @param nanos the monotonic clock by which this replica tells when to propose the expiry of a lease
     */
    public KeyValueStateMachine(OrderedStore store, ChangeFeed feed, LongSupplier nanos) {
        this.feed = feed;
        versions = new VersionedStore(store);
        leases = new LeaseRunner(versions, nanos);
        maintenance = new MaintenanceRunner(versions);
        access = new AccessRunner(versions, nanos, System::currentTimeMillis);
        runner = new OperationRunner(versions, leases::exists);
        versions.tell(feed);
    }

    /**
     * Applies a command.
     *
     * @throws IllegalStateException if its slot is below the slot of the state; several commands may share a slot
     */
    @Override
    public Bytes apply(Command command) {
        long slot = command.slot().value();
        if (slot < versions.slot()) {
            throw new IllegalStateException("slot " + slot + " on a state that stands at " + versions.slot());
        }
        versions.slot(slot);
        try {
            return run(command, command.payload(), Identity.NOBODY);
        } catch (AccessException e) {
            return AccessCodec.encode(e);
        } catch (KeyValueException e) {
            return KeyValueCodec.encode(e);
        } catch (MalformedException e) {
            return KeyValueCodec.encode(new KeyValueException(Reason.INVALID, "not an operation: " + e.getMessage()));
        }
    }

    private Bytes run(Command command, Bytes payload, Identity who) {
        long logMillis = command.logTime().toEpochMilli();
        if (AccessCodec.isAccessCommand(payload)) {
            return access.apply(payload, logMillis, (user, named) -> run(command, named, user));
        }
        if (LeaseCodec.isLeaseCommand(payload)) {
            long revoked = access.isEnabled() ? LeaseCodec.revokes(payload) : 0;
            if (revoked != 0) {
                access.checkRevocation(who, revoked);
            }
            if (LeaseCodec.isGrant(payload)) {
                maintenance.admitGrowth();
            } else if (LeaseCodec.isEnd(payload)) {
                maintenance.admitChange();
            }
            return leases.apply(payload, logMillis);
        }
        if (MaintenanceCodec.isMaintenanceCommand(payload)) {
            return maintenance.apply(payload, command.slot().value());
        }
        Operation operation = KeyValueCodec.decodeOperation(payload);
        check(who, operation);
        maintenance.admit(operation);
        return KeyValueCodec.encode(runner.run(operation));
    }

    private void check(Identity who, Operation operation) {
        if (access.isEnabled()) {
            access.check(who, operation);
        }
    }

    /**
     * Reads one key or a few.
     *
     * @throws KeyValueException if the read is refused
     * @throws AccessException if it is not allowed
     */
    Outcome.Range range(Identity who, Operation.Range range) {
        check(who, range);
        return new Reading(versions, Cost.ofCommand()).run(range);
    }

    /**
     * Executes a transaction that cannot change anything.
     *
     * @throws KeyValueException if it is refused
     * @throws AccessException if it is not allowed
     * @throws IllegalArgumentException if it could change something
     */
    Outcome.Transaction readOnly(Identity who, Operation.Transaction transaction) {
        if (!OperationChecks.isReadOnly(transaction)) {
            throw new IllegalArgumentException("a transaction with changes must be proposed");
        }
        check(who, transaction);
        return new Reading(versions, Cost.ofCommand()).run(transaction);
    }

    /** Returns the leases of this state. */
    public LeaseRunner leases() {
        return leases;
    }

    /** Returns the access control of this state. */
    AccessRunner access() {
        return access;
    }

    /**
     * Captures the state for a read that may take long, on another thread.
     *
     * @throws AccessException if it is not allowed
     */
    VersionsSnapshot snapshot(Identity who, Operation operation) {
        check(who, operation);
        return versions.snapshot(OperationChecks.counted(operation));
    }

    /** Captures the state for reads that may take long, on another thread. */
    VersionsSnapshot snapshot() {
        return versions.snapshot(List.of());
    }

    /** Returns the state for watches. */
    public WatchedState watched() {
        return new WatchedState(feed, this::revision, this::compactedRevision, this::snapshot);
    }

    /** Returns the state for its upkeep. */
    public MaintainedState maintained() {
        return new MaintainedState(
                maintenance,
                this::snapshot,
                leases::ttls,
                versions::purge,
                versions::defragment,
                this::sizeBytes,
                versions::sizeInUseBytes,
                this::revision);
    }

    /** Returns the revision of the state; 1 if nothing was ever put. Any thread. */
    public long revision() {
        return versions.revision();
    }

    /** Returns the revision that was compacted to, or -1. Every revision from it on can be read. Any thread. */
    public long compactedRevision() {
        return versions.compacted();
    }

    /** Returns the approximate size of the state in bytes. Any thread. */
    public long sizeBytes() {
        return versions.sizeBytes();
    }

    /**
     * Returns a SHA-256 of the logical state: the revisions, the current versions, all events since the compacted
     * revision, the leases and the alarms. It is equal on all replicas that are at the same slot. It reads the whole state.
     */
    public Bytes digest() {
        access.store();
        leases.store();
        return versions.digest();
    }

    /** Returns a rolling digest of all changes since the store was empty. It reads nothing. */
    @Override
    public OptionalLong stateDigest() {
        return OptionalLong.of(versions.changeDigest());
    }

    @Override
    public CheckpointWriter checkpoint() {
        access.store();
        leases.store();
        return versions.checkpoint();
    }

    @Override
    public void restore(Path directory) throws IOException {
        versions.restore(directory);
        leases.load();
        maintenance.load();
        access.load();
    }

    /**
     * Fills an empty state with the contents of another store, and sets its slot. Alarms are left out.
     *
     * @throws IllegalStateException if the state is not empty
     */
    public void load(StoreContents contents, long slot) {
        if (versions.slot() != 0) {
            throw new IllegalStateException("the state stands at slot " + versions.slot());
        }
        versions.slot(slot);
        leases.load(contents.leases());
        contents.forEach(versions::load);
        versions.revision(contents.revision());
        if (contents.compactedRevision() >= 0) {
            versions.compactTo(contents.compactedRevision());
        }
    }

    /** Closes the store. The replica must be closed before. A second call does nothing. */
    @Override
    public void close() {
        versions.close();
    }
}
