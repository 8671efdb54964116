package io.loggos.examples.server;

import io.loggos.api.kv.maintenance.KeyValueOptions;
import io.loggos.api.replica.ReplicaOptions;
import io.loggos.examples.server.compaction.CompactionPolicy;
import io.loggos.examples.server.etcd.RequestChecks;

/**
 * Limits of the store, with the defaults of an etcd.
 *
 * @param store those of this member's copy
 * @param maxRequestBytes the size of the largest request that changes the store
 * @param compaction the part of the history that stays
 */
public record StoreLimits(KeyValueOptions store, int maxRequestBytes, CompactionPolicy compaction) {
    /** The quota of an etcd that is told none: 2 GiB. */
    public static final long USUAL_QUOTA_BYTES = 2L << 30;

    /** Generous bound for the bytes before a key and a value in a command. */
    private static final int COMMAND_OVERHEAD_BYTES = 64 << 10;

    private static final int MOST_COMMAND_BYTES = 2 << 20;

    /** The largest request that can be allowed. */
    public static final int MOST_REQUEST_BYTES = MOST_COMMAND_BYTES - COMMAND_OVERHEAD_BYTES;

    /** The defaults. */
    public static final StoreLimits USUAL = new StoreLimits(
            KeyValueOptions.builder().quotaBytes(USUAL_QUOTA_BYTES).build(),
            RequestChecks.USUAL_MAX_REQUEST_BYTES,
            new CompactionPolicy.None());

    /** Returns the default options of the log. The largest request must fit into a command. */
    public ReplicaOptions defaultReplica() {
        return ReplicaOptions.builder()
                .maxCommandBytes(maxRequestBytes + COMMAND_OVERHEAD_BYTES)
                .build();
    }
}
