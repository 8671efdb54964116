package io.loggos.api.kv.recipe;

import io.loggos.api.Bytes;
import io.loggos.api.kv.Compare;

/**
 * A place in the queue for a lock or an election: a key that is attached to a lease. It is lost when the lease ends.
 *
 * @param key the key
 * @param createRevision the revision at which the key was created; the lowest one of the queue has the lock
 * @param lease the lease
 * @param revision the revision of the store at which the place was seen to be the first
 */
public record Claim(Bytes key, long createRevision, long lease, long revision) {
    /**
     * Returns the condition that the claim still stands. In a transaction it makes sure that nothing is changed after the
     * lock was lost, however late the transaction arrives.
     */
    public Compare stands() {
        return Compare.number(key, Compare.Target.CREATE_REVISION, Compare.Relation.EQUAL, createRevision);
    }
}
