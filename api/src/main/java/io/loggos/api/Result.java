package io.loggos.api;

/**
 * What a command answered.
 *
 * @param slot the slot at which it took effect
 * @param value what the state machine returned
 */
public record Result<T>(Slot slot, T value) {}
