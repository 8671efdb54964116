package io.loggos.api.kv;

import io.loggos.api.Bytes;

/**
 * A key at a revision.
 *
 * @param key the key
 * @param createRevision the revision at which the key was last created
 * @param modRevision the revision at which it was last put
 * @param version the number of puts since it was created, from 1
 * @param lease the lease that it is attached to, or 0
 * @param value the value
 */
public record KeyValue(Bytes key, long createRevision, long modRevision, long version, long lease, Bytes value) {}
