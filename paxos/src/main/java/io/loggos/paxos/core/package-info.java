/**
 * Multi-Paxos, pure: events and the time in, effects out. One {@link io.loggos.paxos.core.MultiPaxos} is one
 * replica of one log; the roles of <i>Paxos Made Simple</i> are its parts. Used by {@code runtime}, which
 * gives it threads, a disk and links, and by the simulation, which gives it virtual ones.
 */
@NullMarked
package io.loggos.paxos.core;

import org.jspecify.annotations.NullMarked;
