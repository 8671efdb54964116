/**
 * The search for chosen values that this node lacks or has lost.
 *
 * <p>Used by the learner of {@code core}. No I/O, threads or clocks.
 */
@NullMarked
package io.loggos.paxos.core.repair;

import org.jspecify.annotations.NullMarked;
