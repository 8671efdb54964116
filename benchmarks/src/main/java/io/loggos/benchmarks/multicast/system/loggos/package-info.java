/** The groups of Loggos, measured like a peer. May use {@code multicast.system}. */
@NullMarked
package io.loggos.benchmarks.multicast.system.loggos;

import org.jspecify.annotations.NullMarked;
