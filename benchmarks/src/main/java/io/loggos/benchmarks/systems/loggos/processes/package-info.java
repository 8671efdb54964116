/**
 * Loggos as it is deployed, for the commit path: the leader in this JVM and each follower in a JVM of its own. Uses
 * {@code systems.loggos} and {@code harness.process}.
 */
@NullMarked
package io.loggos.benchmarks.systems.loggos.processes;

import org.jspecify.annotations.NullMarked;
