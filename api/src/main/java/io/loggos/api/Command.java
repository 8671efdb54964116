package io.loggos.api;

import java.time.Instant;

/**
 * A command as a state machine gets it.
 *
 * @param slot the slot that holds it; several commands may share one
 * @param logTime the leader's clock when it was proposed, never going back along the log: the only time that
 *     a state machine may use
 * @param payload what was proposed
 */
public record Command(Slot slot, Instant logTime, Bytes payload) {}
