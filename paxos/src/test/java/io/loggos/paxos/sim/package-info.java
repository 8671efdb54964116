/**
 * The seeded simulation of whole nodes: the production loop, links, group commit, state machine host and
 * checkpoint store of each, on virtual time, over a network and a disk that fail. {@link
 * io.loggos.paxos.sim.predicate.Ghost} checks the predicates after every event.
 */
@NullMarked
package io.loggos.paxos.sim;

import org.jspecify.annotations.NullMarked;
