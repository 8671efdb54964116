/**
 * Predicates of Multi-Paxos and the state machine that they are checked with. {@link io.loggos.paxos.sim.predicate.Ghost}
 * sees all disks, {@link io.loggos.paxos.sim.predicate.History} judges what clients saw; the names of the predicates are those
 * of the table in the README.
 */
@NullMarked
package io.loggos.paxos.sim.predicate;

import org.jspecify.annotations.NullMarked;
