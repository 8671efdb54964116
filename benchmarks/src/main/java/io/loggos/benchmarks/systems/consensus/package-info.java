/**
 * The common view of systems that replicate a log of commands, and the commit workload for any of them. The packages
 * of the single systems implement its interfaces. Uses {@code harness}.
 */
@NullMarked
package io.loggos.benchmarks.systems.consensus;

import org.jspecify.annotations.NullMarked;
