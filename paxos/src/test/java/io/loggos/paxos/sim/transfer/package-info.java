/** The simulation of transfers of leadership beside all faults. */
@NullMarked
package io.loggos.paxos.sim.transfer;

import org.jspecify.annotations.NullMarked;
