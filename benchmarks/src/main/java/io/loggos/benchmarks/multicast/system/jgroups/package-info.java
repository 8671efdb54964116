/** JGroups as a peer. May use {@code multicast.system}. */
@NullMarked
package io.loggos.benchmarks.multicast.system.jgroups;

import org.jspecify.annotations.NullMarked;
