package io.loggos.paxos.core.process;

/** The name of one timer of a {@link Process}. Each process has an enum that implements it. */
public interface TimerId {}
