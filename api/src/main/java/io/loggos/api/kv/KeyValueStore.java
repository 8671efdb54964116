package io.loggos.api.kv;

import io.loggos.api.Bytes;
import io.loggos.api.Consistency;
import io.loggos.api.Replica;
import io.loggos.api.Result;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A replicated key-value store with the data model of etcd v3: keys and values are bytes; one revision
 * counter, raised by each change; every key has create revision, mod revision and version; old revisions can
 * be read until they are compacted. Revision 1 is the empty store.
 *
 * <p>Futures fail as {@link Replica#propose} says, and with {@link KeyValueException} for what the store
 * refuses. Safe for use by any thread.
 */
public interface KeyValueStore extends AutoCloseable {
    /** Puts a value under a key. */
    CompletableFuture<Result<Outcome.Put>> put(Operation.Put put);

    /** Deletes keys. */
    CompletableFuture<Result<Outcome.Delete>> delete(Operation.Delete delete);

    /** Does a transaction. One that cannot change anything is done as a linearizable read. */
    CompletableFuture<Result<Outcome.Transaction>> transact(Operation.Transaction transaction);

    /** Forgets old revisions. */
    CompletableFuture<Result<Outcome.Compact>> compact(Operation.Compact compact);

    /** Reads keys. */
    CompletableFuture<Result<Outcome.Range>> range(Consistency consistency, Operation.Range range);

    /** Puts a value under a key. */
    default CompletableFuture<Result<Outcome.Put>> put(Bytes key, Bytes value) {
        return put(Operation.Put.of(key, value));
    }

    /** Reads one key, linearizably. */
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

    /** How many bytes this node's copy takes on disk, about. */
    long sizeBytes();

    /** The replica beneath. */
    Replica replica();

    /** Closes this node's replica of the store; the node goes on. */
    @Override
    void close();
}
