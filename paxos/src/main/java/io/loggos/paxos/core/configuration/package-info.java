/**
 * The configuration of a log and its changes, by stop-signs in the log (Lamport, Malkhi and Zhou, <i>Stoppable Paxos</i>).
 *
 * <p>Used by the roles of {@code core}. No I/O, threads or clocks.
 */
@NullMarked
package io.loggos.paxos.core.configuration;

import org.jspecify.annotations.NullMarked;
