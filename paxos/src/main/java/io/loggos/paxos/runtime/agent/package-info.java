/**
 * Agents and who turns them: threads in production, one virtual thread of time in the simulation.
 */
@NullMarked
package io.loggos.paxos.runtime.agent;

import org.jspecify.annotations.NullMarked;
