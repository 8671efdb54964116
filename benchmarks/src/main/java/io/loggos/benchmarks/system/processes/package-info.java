/**
 * Loggos as it is deployed: a process for each node. May use the API of Loggos and {@code loggos},
 * and nothing of the other systems.
 */
@NullMarked
package io.loggos.benchmarks.system.processes;

import org.jspecify.annotations.NullMarked;
