package io.loggos.api.replica;

import io.loggos.api.Bytes;
import io.loggos.api.Slot;
import java.time.Instant;

/**
 * A command, as a state machine receives it.
 *
 * @param slot the slot that holds it; several commands may share a slot
 * @param logTime the time at which the leader proposed the command, by the clock of the log. It never goes back along the
 *     log, and it is the only time that a state machine may use. It passes as the leader's monotonic clock does, a tenth
 *     faster or slower while it differs from the leader's wall clock
 * @param payload the proposed bytes
 */
public record Command(Slot slot, Instant logTime, Bytes payload) {}
