/** Aeron Cluster: three clustered media drivers. May use the library of that name, and nothing of the other systems. */
@NullMarked
package io.loggos.benchmarks.system.aeron;

import org.jspecify.annotations.NullMarked;
