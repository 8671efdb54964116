/**
 * Seeded simulation of whole nodes. Each has the loop, links, group commit, state machine host and checkpoint store of
 * production. They run on virtual time, over a network and a disk that fail. The ghost of {@link io.loggos.paxos.sim.predicate} checks the
 * predicates after every event. {@code OwnStateMachineTest} is an example of a test of an application.
 */
@NullMarked
package io.loggos.paxos.sim;

import org.jspecify.annotations.NullMarked;
