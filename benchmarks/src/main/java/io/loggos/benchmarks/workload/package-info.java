/**
 * How anything is measured: a closed and an open loop, the clocks, and the options of a JVM that measures. Knows
 * nothing of JMH, nor of what it measures. May use {@code report}.
 */
@NullMarked
package io.loggos.benchmarks.workload;

import org.jspecify.annotations.NullMarked;
