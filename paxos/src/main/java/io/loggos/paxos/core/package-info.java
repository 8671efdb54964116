/**
 * Multi-Paxos as pure classes, which take events and the time and return effects.
 *
 * <p>A {@link io.loggos.paxos.core.MultiPaxos} is one replica of one log, and the roles of <i>Paxos Made Simple</i> are
 * its parts. The package {@code runtime} gives it threads, a disk and links; the simulation gives it virtual ones.
 */
@NullMarked
package io.loggos.paxos.core;

import org.jspecify.annotations.NullMarked;
