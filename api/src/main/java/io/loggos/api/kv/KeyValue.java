package io.loggos.api.kv;

import io.loggos.api.Bytes;

/**
 * A key as it stands at a revision.
 *
 * @param createRevision when the key last came into being
 * @param modRevision when it was last put
 * @param version how often it was put since it came into being, from 1
 * @param lease the lease that it hangs on, or 0
 */
public record KeyValue(Bytes key, long createRevision, long modRevision, long version, long lease, Bytes value) {}
