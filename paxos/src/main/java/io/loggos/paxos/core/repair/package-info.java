/**
 * The chosen values that a replica keeps in memory, and the search for those that it lacks or has lost.
 *
 * <p>Used by the learner of {@code core}. No I/O, threads or clocks.
 */
@NullMarked
package io.loggos.paxos.core.repair;

import org.jspecify.annotations.NullMarked;
