package io.loggos.api.kv;

import io.loggos.api.Bytes;
import java.time.Duration;
import java.util.List;

/**
 * A lease at one moment.
 *
 * @param id its id
 * @param ttl the time to live that was granted
 * @param remaining an estimate of the time until it expires if nobody renews it; zero if that time is over and the
 *     expiry is on its way through the log
 * @param keys the keys that are attached to it, in ascending order; empty if they were not requested
 */
public record LeaseStatus(long id, Duration ttl, Duration remaining, List<Bytes> keys) {
    public LeaseStatus {
        keys = List.copyOf(keys);
    }
}
