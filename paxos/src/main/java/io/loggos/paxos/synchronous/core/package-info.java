/**
 * Consensus in a synchronous system, as a pure class.
 *
 * <p>{@link io.loggos.paxos.synchronous.core.SynchronousConsensus} is one process of one run. Used by {@code
 * io.loggos.paxos.synchronous} and by tests.
 */
@NullMarked
package io.loggos.paxos.synchronous.core;

import org.jspecify.annotations.NullMarked;
