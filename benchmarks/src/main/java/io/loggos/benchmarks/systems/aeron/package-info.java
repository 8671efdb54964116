/**
 * Aeron Cluster as a peer: three clustered media drivers in this JVM. Uses {@code systems.consensus} and the library
 * of that name.
 */
@NullMarked
package io.loggos.benchmarks.systems.aeron;

import org.jspecify.annotations.NullMarked;
