package io.loggos.internal.planted;

/** A class in an internal package, for the test of the rule that protects it. */
public record Hidden() {}
