/**
 * {@code bench logs}: what a node pays for having many logs, idle and under load. May use {@code process} and
 * {@code trial}.
 */
@NullMarked
package io.loggos.benchmarks.logs;

import org.jspecify.annotations.NullMarked;
