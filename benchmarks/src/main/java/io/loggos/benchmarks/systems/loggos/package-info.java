/**
 * Loggos: nodes in this JVM with one log, with many logs, or with a group. Uses {@code systems.consensus}, {@code
 * systems.multicast} and the API of Loggos.
 */
@NullMarked
package io.loggos.benchmarks.systems.loggos;

import org.jspecify.annotations.NullMarked;
