/**
 * {@code bench multicast-trials}: groups in which a member fails, with each member in a JVM of its own. Uses {@code
 * systems.catalog} and {@code harness.trial}.
 */
@NullMarked
package io.loggos.benchmarks.commands.multicasttrials;

import org.jspecify.annotations.NullMarked;
