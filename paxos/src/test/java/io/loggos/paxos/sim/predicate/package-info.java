/**
 * Predicates of Multi-Paxos, and the state machine that they are checked with. {@code Ghost} sees all disks; {@code History}
 * judges what clients saw. The names of the predicates are those of the table in the README.
 */
@NullMarked
package io.loggos.paxos.sim.predicate;

import org.jspecify.annotations.NullMarked;
