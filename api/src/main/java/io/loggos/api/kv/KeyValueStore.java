package io.loggos.api.kv;

import io.loggos.api.Bytes;
import io.loggos.api.RequestId;
import io.loggos.api.Slot;
import io.loggos.api.kv.access.AccessControl;
import io.loggos.api.kv.access.Identity;
import io.loggos.api.kv.keys.KeyRange;
import io.loggos.api.kv.maintenance.Maintenance;
import io.loggos.api.replica.Consistency;
import io.loggos.api.replica.Replica;
import io.loggos.api.replica.Result;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;

/**
 * A replicated key-value store with the data model of etcd v3.
 *
 * <p>Keys and values are bytes. Each change raises the one revision counter; revision 1 is the empty store. Every key
 * has a create revision, a mod revision and a version. Old revisions can be read until they are compacted.
 *
 * <p>One operation can neither fill the heap nor hold up the others for long. A command visits at most a million keys,
 * and its answer has at most 16 MiB of keys and values. A larger one is refused before it changes anything. A read of
 * more than single keys runs beside the commands, on a snapshot of the state. Its answer has at most a sixteenth of the
 * heap, between 8 MiB and 256 MiB. It ends early if its future is cancelled.
 *
 * <p>Each replica has an index of the current keys in its heap: the size of a key and some 60 bytes for each. So ten
 * million keys of 40 bytes need a heap of 1 GiB besides that of the application. Values and old versions are on disk.
 *
 * <p>Futures fail as those of {@link Replica#propose} do, and with {@link KeyValueException} if the store refuses the
 * operation. They complete on a thread of the node, so dependent stages added without {@code Async} must be short and
 * must not block. Safe for use by any thread.
 */
public interface KeyValueStore extends AutoCloseable {
    /** Puts a value under a key. */
    CompletableFuture<Result<Outcome.Put>> put(Operation.Put put);

    /** Deletes keys. */
    CompletableFuture<Result<Outcome.Delete>> delete(Operation.Delete delete);

    /**
     * Runs a transaction. A transaction that cannot change anything runs as a linearizable read.
     *
     * <p>It has at most 128 comparisons, and at most 128 operations in each branch, unless {@link
     * io.loggos.api.kv.maintenance.KeyValueOptions#maxOperations} is another number. The levels of nested transactions
     * count together. There are at most 16 levels.
     */
    CompletableFuture<Result<Outcome.Transaction>> transact(Operation.Transaction transaction);

    /**
     * Puts a value under a key, with an id of its caller. The same put with the same id takes effect once, however often and
     * wherever it is called ({@link Replica#propose(Bytes, RequestId)}).
     */
    CompletableFuture<Result<Outcome.Put>> put(Operation.Put put, RequestId id);

    /** Deletes keys, with an id of its caller: once, however often it is called. */
    CompletableFuture<Result<Outcome.Delete>> delete(Operation.Delete delete, RequestId id);

    /**
     * Runs a transaction, with an id of its caller: once, however often it is called. One that cannot change anything is a
     * command, too, so that every call gets the first answer.
     */
    CompletableFuture<Result<Outcome.Transaction>> transact(Operation.Transaction transaction, RequestId id);

    /**
     * Asks what came of an operation that was called with an id, at any replica ({@link Replica#outcome}). Empty if it has
     * not taken effect yet.
     */
    CompletableFuture<Optional<Result<Outcome>>> outcome(RequestId id);

    /** Compacts: forgets old revisions. */
    CompletableFuture<Result<Outcome.Compact>> compact(Operation.Compact compact);

    /** Reads keys. */
    CompletableFuture<Result<Outcome.Range>> range(Consistency consistency, Operation.Range range);

    /**
     * Reads keys at this replica, from a state that is at least as new as a slot: that of an earlier answer, for example. It
     * asks no other node ({@link Replica#read(Slot, java.util.function.Supplier)}).
     */
    CompletableFuture<Result<Outcome.Range>> range(Slot atLeast, Operation.Range range);

    /**
     * Watches keys: delivers every change of them from a revision on.
     *
     * <p>Events come in the order of revisions, all events of a revision in one batch, none twice, and none is left
     * out. Each batch has a bookmark, from which another watch can go on at any replica.
     *
     * <p>Each subscriber has a watch of its own, which begins when it subscribes. It receives a {@link Watch}. It gets
     * one batch for each that it requests, one at a time, and the next one only when {@code onNext} has returned. While
     * a subscriber does not request, nothing is kept for it: it catches up from the history in the store. So it holds up
     * nobody. A batch has at most some 512 KiB of events, or one revision if that has more.
     *
     * <p>A watch never completes. It ends with {@link CompactedException} if it falls behind the compacted revision,
     * with {@link KeyValueException} if a revision is larger than this node allows for an answer, with {@link
     * io.loggos.api.NodeClosedException} if the store is closed, and with {@link
     * io.loggos.api.replica.ReplicaHaltedException} if the replica halts. Then another one can go on from the last bookmark.
     *
     * @param keys the range
     * @throws IllegalArgumentException if the range ends before it begins
     */
    Flow.Publisher<WatchEvents> watch(KeyRange keys, WatchOptions options);

    /** The upkeep of this store: alarms, hashes, space and backups. */
    Maintenance maintenance();

    /** The users, roles and permissions of this store. What is asked of them is asked in the name of {@link #as}. */
    AccessControl access();

    /**
     * Returns this store as a user sees it: whatever is asked of it and of its leases is asked in that name. It is the
     * same store, with the same watches and leases. Closing it closes nothing.
     *
     * <p>While access control is off, all names may do everything. While it is on, futures fail with {@link
     * io.loggos.api.kv.access.AccessException} if the user may not do what is asked.
     */
    KeyValueStore as(Identity user);

    /** The leases of this store: keys that are attached to one are deleted when it ends. */
    Leases leases();

    /** Puts a value under a key. */
    default CompletableFuture<Result<Outcome.Put>> put(Bytes key, Bytes value) {
        return put(Operation.Put.of(key, value));
    }

    /** Reads one key, with a linearizable read. Empty if there is no such key. */
    default CompletableFuture<Optional<KeyValue>> get(Bytes key) {
        return range(Consistency.LINEARIZABLE, Operation.Range.of(KeyRange.single(key)))
                .thenApply(result -> result.value().keyValues().stream().findFirst());
    }

    /** Deletes one key. */
    default CompletableFuture<Result<Outcome.Delete>> delete(Bytes key) {
        return delete(new Operation.Delete(KeyRange.single(key), false));
    }

    /** The revision of this node's copy. */
    long revision();

    /** The approximate size of this node's copy on disk, in bytes. */
    long sizeBytes();

    /** The replica that holds the store. */
    Replica replica();

    /** Closes this node's replica of the store, as {@link Replica#close} does. The node stays open. */
    @Override
    void close();
}
