/** Courses of events that seeds rarely take, told step by step, in the cluster of the simulation. */
@NullMarked
package io.loggos.paxos.sim.scenario;

import org.jspecify.annotations.NullMarked;
