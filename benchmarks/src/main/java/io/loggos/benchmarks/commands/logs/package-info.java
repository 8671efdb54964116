/**
 * {@code bench logs}: the cost of many logs on three nodes, idle and under load. Uses {@code systems.loggos} and
 * {@code harness.trial}.
 */
@NullMarked
package io.loggos.benchmarks.commands.logs;

import org.jspecify.annotations.NullMarked;
