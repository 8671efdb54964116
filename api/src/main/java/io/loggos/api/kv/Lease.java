package io.loggos.api.kv;

import java.time.Duration;

/**
 * A lease that was granted.
 *
 * @param id its id; never 0
 * @param ttl its time to live: the time without a renewal after which it expires
 */
public record Lease(long id, Duration ttl) {}
