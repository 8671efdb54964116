package io.loggos.benchmarks.harness.report;

/**
 * Further figures of servers that a client in a process of its own has measured.
 *
 * @param operation put or read
 * @param clientCpuMicrosPerOp the client's part of the processor time
 */
public record Served(String operation, double clientCpuMicrosPerOp) {}
