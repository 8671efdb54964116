/** SOFAJRaft as a peer. May use {@code system} and {@code workload}. */
@NullMarked
package io.loggos.benchmarks.system.jraft;

import org.jspecify.annotations.NullMarked;
