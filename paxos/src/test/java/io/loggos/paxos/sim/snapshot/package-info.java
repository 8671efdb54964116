/** Simulation of global snapshots of whole nodes, with an application whose tokens travel in the messages of a group. */
@NullMarked
package io.loggos.paxos.sim.snapshot;

import org.jspecify.annotations.NullMarked;
