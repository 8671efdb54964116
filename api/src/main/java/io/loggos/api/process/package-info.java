/**
 * The base types of every pure protocol class.
 *
 * <p>A {@link io.loggos.api.process.Process} takes an event and the time, and appends its effects to an {@link
 * io.loggos.api.process.Outbox}. No thread, lock, socket, clock, random source or logger is reachable from an
 * implementation.
 */
@NullMarked
package io.loggos.api.process;

import org.jspecify.annotations.NullMarked;
