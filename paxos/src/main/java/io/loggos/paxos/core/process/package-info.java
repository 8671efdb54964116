/**
 * The kernel of every pure protocol class: a {@link io.loggos.paxos.core.process.Process} takes an event and the time, and
 * appends its effects to an {@link io.loggos.paxos.core.process.Outbox}. No thread, lock, socket, clock, random or logger is
 * reachable from an implementation.
 */
@NullMarked
package io.loggos.paxos.core.process;

import org.jspecify.annotations.NullMarked;
