/** Bugs that are planted in the production code, one at a time. The predicates of the simulation must find each of them. */
@NullMarked
package io.loggos.paxos.sim.mutant;

import org.jspecify.annotations.NullMarked;
