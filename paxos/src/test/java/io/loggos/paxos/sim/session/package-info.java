/** The simulation of clients that repeat commands with ids of their own. */
@NullMarked
package io.loggos.paxos.sim.session;

import org.jspecify.annotations.NullMarked;
