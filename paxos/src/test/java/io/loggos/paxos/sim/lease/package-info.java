/** The simulation of leases for reads beside all faults, with clocks that go wrong as far as leases permit. */
@NullMarked
package io.loggos.paxos.sim.lease;

import org.jspecify.annotations.NullMarked;
