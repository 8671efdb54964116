/** jgroups-raft as a peer. May use {@code system} and {@code workload}. */
@NullMarked
package io.loggos.benchmarks.system.jgroups;

import org.jspecify.annotations.NullMarked;
