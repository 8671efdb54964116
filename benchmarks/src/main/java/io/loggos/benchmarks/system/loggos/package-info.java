/** Loggos itself, as one of the systems: three nodes in this JVM. May use the API of Loggos and {@code workload}. */
@NullMarked
package io.loggos.benchmarks.system.loggos;

import org.jspecify.annotations.NullMarked;
