package io.loggos.api.replica;

import io.loggos.api.Slot;
import java.time.Duration;

/**
 * The result of a read.
 *
 * @param slot the last slot applied to the state that was read
 * @param age an upper bound on the age of that state: zero unless the read was {@link Consistency#LOCAL}.
 *     Then it is the time since this replica last knew that it had everything the leader had chosen
 * @param value the value that the query returned
 */
public record ReadResult<T>(Slot slot, Duration age, T value) {}
