/**
 * Seeded simulation of global snapshots. The production links and the snapshot process of each node run on virtual time, over
 * a network that fails. The application is a bank whose transfers are messages. The group of all nodes is an oracle with exactly the
 * guarantees of virtual synchrony. The ghost of {@link io.loggos.snapshot.sim.predicate} knows what every node
 * sent, received and recorded, and checks the predicates as it happens.
 */
@NullMarked
package io.loggos.snapshot.sim;

import org.jspecify.annotations.NullMarked;
