package io.loggos.benchmarks.harness.report;

/**
 * What was asked of servers by a client in a process of its own.
 *
 * @param operation put or read
 * @param clientCpuMicrosPerOp the part of the processor time that is the client's
 */
public record Served(String operation, double clientCpuMicrosPerOp) {}
