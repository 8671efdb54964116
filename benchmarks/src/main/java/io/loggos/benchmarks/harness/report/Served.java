package io.loggos.benchmarks.harness.report;

/**
 * Further figures of servers that a client in a process of its own has measured.
 *
 * @param operation name of the operation: put, read, or one with its setting
 * @param clientCpuMicrosPerOp the client's part of the processor time
 * @param residentBytes memory that the servers held at the end, in all; 0 if unknown
 */
public record Served(String operation, double clientCpuMicrosPerOp, long residentBytes) {}
