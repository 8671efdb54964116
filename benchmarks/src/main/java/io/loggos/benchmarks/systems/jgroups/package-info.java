/**
 * JGroups as a peer in multicast, with stacks that it ships. Uses {@code systems.multicast} and the library of that
 * name.
 */
@NullMarked
package io.loggos.benchmarks.systems.jgroups;

import org.jspecify.annotations.NullMarked;
