/** The records of a measurement, their JSON and their tables. Uses {@code machine}. */
@NullMarked
package io.loggos.benchmarks.harness.report;

import org.jspecify.annotations.NullMarked;
