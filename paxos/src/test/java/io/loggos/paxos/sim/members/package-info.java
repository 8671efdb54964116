/** The simulation of changes of the members beside all faults. */
@NullMarked
package io.loggos.paxos.sim.members;

import org.jspecify.annotations.NullMarked;
