/** The file systems of simulated nodes. */
@NullMarked
package io.loggos.paxos.sim.disk;

import org.jspecify.annotations.NullMarked;
