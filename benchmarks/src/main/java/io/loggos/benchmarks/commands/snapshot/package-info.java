/**
 * {@code bench snapshot}: the cost of global snapshots of a large state for those who write, and the time that a
 * snapshot takes. Uses {@code systems.loggos} and {@code harness}.
 */
@NullMarked
package io.loggos.benchmarks.commands.snapshot;

import org.jspecify.annotations.NullMarked;
