package io.loggos.multicast.core;

import io.loggos.api.NodeId;
import io.loggos.api.node.TimingOptions;
import io.loggos.api.node.TransportOptions;
import io.loggos.api.spi.Roster;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Settings that all links of a node share.
 *
 * @param peers the peers, which {@link Links#peers} changes
 * @param removed the stores that are no members any more, with the number of the configuration that lacks them
 * @param secret the secret of the cluster; null if it has none
 */
record LinkSettings(
        String clusterId,
        NodeId self,
        SortedSet<NodeId> peers,
        SortedMap<Long, Long> removed,
        Roster roster,
        TimingOptions timing,
        TransportOptions options,
        long life,
        RandomGenerator random,
        LinkRules rules,
        @Nullable SharedSecret secret) {
    private static final long MOST_BACKOFF_NANOS = 2_000_000_000L;
    private static final long REFUSED_BACKOFF_NANOS = 4_000_000_000L;
    private static final int MOST_DOUBLINGS = 20;

    long heartbeatNanos() {
        return timing.heartbeatInterval().toNanos();
    }

    long electionNanos() {
        return timing.electionTimeout().toNanos();
    }

    /** Wait after this many failures in a row: half a heartbeat, doubled up to 2 s, less up to half by jitter. */
    long backoffNanos(int failures) {
        long doubled = (heartbeatNanos() / 2) << Math.min(failures, MOST_DOUBLINGS);
        return jittered(Math.min(MOST_BACKOFF_NANOS, doubled));
    }

    /** Wait after a refusal that only a person can end: 2 to 4 s. */
    long refusedBackoffNanos() {
        return jittered(REFUSED_BACKOFF_NANOS);
    }

    private long jittered(long nanos) {
        return nanos - random.nextLong(nanos / 2 + 1);
    }
}
