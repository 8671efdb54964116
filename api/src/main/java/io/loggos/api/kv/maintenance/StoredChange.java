package io.loggos.api.kv.maintenance;

import io.loggos.api.Bytes;

/**
 * A change that a store still holds.
 *
 * @param revision the revision of the change
 * @param place its place among the changes of its revision
 * @param key the key
 * @param deleted true if the key was deleted; the other parts are 0 or empty then
 * @param value the value that was put
 * @param createRevision the revision at which the key was created
 * @param version the version of the key
 * @param lease the lease of the key, or 0
 */
public record StoredChange(
        long revision,
        int place,
        Bytes key,
        boolean deleted,
        Bytes value,
        long createRevision,
        long version,
        long lease) {}
