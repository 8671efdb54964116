/**
 * The seeded simulation of global snapshots: the production links and snapshot process of each node, on virtual time, over a
 * network that fails, under a bank whose transfers are messages. The group of all nodes is an oracle with exactly the
 * guarantees of virtual synchrony. {@link io.loggos.snapshot.sim.predicate.Ghost} knows what every node sent, received and recorded,
 * with clocks that the nodes do not see, and checks the predicates CL1 to CL7 as it happens.
 */
@NullMarked
package io.loggos.snapshot.sim;

import org.jspecify.annotations.NullMarked;
