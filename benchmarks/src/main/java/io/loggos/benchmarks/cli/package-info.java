/**
 * What the commands of {@code bench} share: their common options, and the line that shows where they stand. May use
 * {@code report} and {@code workload}.
 */
@NullMarked
package io.loggos.benchmarks.cli;

import org.jspecify.annotations.NullMarked;
