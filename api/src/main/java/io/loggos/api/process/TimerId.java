package io.loggos.api.process;

/** Names one timer of a {@link Process}; each process has an enum of its own that implements it. */
public interface TimerId {}
