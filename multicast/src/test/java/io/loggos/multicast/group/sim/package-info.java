/**
 * The seeded simulation of view-synchronous groups: the production links and group protocol of each node, on virtual time,
 * over a network that fails, under applications that are slow. {@link io.loggos.multicast.group.sim.predicate.Ghost} knows what every
 * application was told, and checks the predicates VS1 to VS16 as it happens.
 */
@NullMarked
package io.loggos.multicast.group.sim;

import org.jspecify.annotations.NullMarked;
