/**
 * The members of a cluster: the state of the log {@code loggos.members}, which decides each next configuration.
 *
 * <p>Pure: no I/O, threads or clocks. {@code runtime.members} runs it.
 */
@NullMarked
package io.loggos.paxos.members;

import org.jspecify.annotations.NullMarked;
