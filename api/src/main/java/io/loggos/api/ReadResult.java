package io.loggos.api;

import java.time.Duration;

/**
 * What a read saw.
 *
 * @param slot the last slot applied to the state that was read
 * @param age how old that state may be: zero for {@link Consistency#LINEARIZABLE}; for {@link
 *     Consistency#LOCAL} the time since this replica last knew that it had everything the leader had chosen
 * @param value what the query returned
 */
public record ReadResult<T>(Slot slot, Duration age, T value) {}
