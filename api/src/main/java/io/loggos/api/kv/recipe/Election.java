package io.loggos.api.kv.recipe;

import io.loggos.api.Bytes;
import io.loggos.api.kv.KeyValue;
import io.loggos.api.kv.KeyValueStore;
import io.loggos.api.kv.Operation;
import io.loggos.api.replica.Consistency;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * An election of a leader among leases, with a value that the leader proclaims. It leads until it resigns or its lease
 * ends. Safe for use by any thread.
 */
public final class Election {
    private final KeyValueStore store;
    private final KeyQueue queue;

    /** Creates an election of this name. The keys below the name and a slash belong to it. */
    public Election(KeyValueStore store, Bytes name) {
        this.store = store;
        this.queue = new KeyQueue(store, name);
    }

    /**
     * Stands for election with a lease. The future completes when it leads, with the value that it proclaims. It fails as
     * that of {@link Mutex#lock} does. Cancelling it withdraws the candidate.
     */
    public CompletableFuture<Claim> campaign(long lease, Bytes value) {
        return queue.claim(lease, value);
    }

    /** Proclaims another value. The future completes with true if the claim still stood. */
    public CompletableFuture<Boolean> proclaim(Claim claim, Bytes value) {
        return ifStands(claim, Operation.Put.of(claim.key(), value).attachedTo(claim.lease()));
    }

    /** Gives up the leadership. The future completes with true if the claim still stood. */
    public CompletableFuture<Boolean> resign(Claim claim) {
        return ifStands(claim, KeyQueue.deletion(claim));
    }

    private CompletableFuture<Boolean> ifStands(Claim claim, Operation then) {
        return store.transact(new Operation.Transaction(List.of(claim.stands()), List.of(then), List.of()))
                .thenApply(result -> result.value().succeeded());
    }

    /** Returns the key of the present leader, with the value that it proclaims. Empty if there is none. */
    public CompletableFuture<Optional<KeyValue>> leader() {
        return store.range(Consistency.LINEARIZABLE, queue.first())
                .thenApply(result -> result.value().keyValues().stream().findFirst());
    }

    /**
     * Tells a listener of the present leader, and of each further leader and value. The listener gets one at a time, in
     * their order. It may miss one that another has replaced by then. It runs on a thread of the node, and must be short
     * and not block.
     */
    public Observation observe(Consumer<KeyValue> listener) {
        Observation observation = new Observation(store, queue, listener);
        observation.begin();
        return observation;
    }
}
