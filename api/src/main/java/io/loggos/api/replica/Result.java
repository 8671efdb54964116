package io.loggos.api.replica;

import io.loggos.api.Slot;

/**
 * The answer to a command.
 *
 * @param slot the slot at which the command took effect
 * @param value the answer of the state machine
 */
public record Result<T>(Slot slot, T value) {}
