/**
 * Closed and open loops, the clocks of a measurement, and payloads. Knows neither JMH nor the system that is
 * measured. Uses {@code report}.
 */
@NullMarked
package io.loggos.benchmarks.harness.workload;

import org.jspecify.annotations.NullMarked;
