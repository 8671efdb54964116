/**
 * {@code bench soak}: throughput, gaps, disk and heap of a cluster under a steady load for minutes. Uses {@code
 * systems.loggos} and {@code harness.trial}.
 */
@NullMarked
package io.loggos.benchmarks.commands.soak;

import org.jspecify.annotations.NullMarked;
