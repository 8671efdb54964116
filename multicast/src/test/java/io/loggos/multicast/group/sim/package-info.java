/**
 * Seeded simulation of view-synchronous groups. The production links and the group protocol of each node run on virtual time,
 * over a network that fails, under applications that are slow. The ghost of {@link
 * io.loggos.multicast.group.sim.predicate} knows what every application was told, and checks the predicates as it happens.
 */
@NullMarked
package io.loggos.multicast.group.sim;

import org.jspecify.annotations.NullMarked;
