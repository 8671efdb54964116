package io.loggos.api.kv.maintenance;

/**
 * A hash of the versions of all keys up to a revision. Nodes with the same compacted revision have the same hash at the
 * same revision. It is the hash that etcd has for the same history.
 *
 * @param revision the revision of the store, which may be higher than that of the hash
 * @param compactedRevision the revision to which the store is compacted, or -1
 * @param hash a CRC32C
 */
public record StoreHash(long revision, long compactedRevision, int hash) {}
