package io.loggos.api.kv.recipe;

import io.loggos.api.Bytes;
import io.loggos.api.kv.KeyValueStore;
import io.loggos.api.kv.Operation;
import io.loggos.api.kv.Outcome;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A lock that one lease holds at a time, in the order of asking. It is free again when the holder unlocks it, or when
 * its lease ends ({@link io.loggos.api.kv.Leases}).
 *
 * <p>A holder that stands still longer than its lease lives does not know that another one has the lock by then. What it
 * does in this store should depend on {@link Claim#stands}. Safe for use by any thread.
 */
public final class Mutex {
    private final KeyValueStore store;
    private final KeyQueue queue;

    /** Creates a lock of this name. The keys below the name and a slash belong to it. */
    public Mutex(KeyValueStore store, Bytes name) {
        this.store = store;
        this.queue = new KeyQueue(store, name);
    }

    /**
     * Locks for a lease, which holds the lock once, however often it asks. The future completes when it has the lock. It
     * fails with {@link io.loggos.api.kv.KeyValueException.Reason#LEASE_NOT_FOUND} if the lease ends before, and as those
     * of {@link KeyValueStore} do. Cancelling it takes the lease out of the queue.
     */
    public CompletableFuture<Claim> lock(long lease) {
        return queue.claim(lease, Bytes.EMPTY);
    }

    /** Unlocks. The future completes with true if the claim still stood. */
    public CompletableFuture<Boolean> unlock(Claim claim) {
        return store.transact(new Operation.Transaction(
                        List.of(claim.stands()), List.of(KeyQueue.deletion(claim)), List.of()))
                .thenApply(result -> {
                    Outcome.Transaction outcome = result.value();
                    return outcome.succeeded();
                });
    }
}
