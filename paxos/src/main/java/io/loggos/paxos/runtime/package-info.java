/**
 * The assembly of a node: the loop that owns all protocol state, the agents beside it, and the threads that run them.
 *
 * <p>The simulation uses all of it except the threads.
 */
@NullMarked
package io.loggos.paxos.runtime;

import org.jspecify.annotations.NullMarked;
