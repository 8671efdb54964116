/**
 * A node as a whole: the loop that owns all protocol state, the agents beside it, and the threads that turn
 * their cranks. The simulation uses all of it but the threads.
 */
@NullMarked
package io.loggos.paxos.runtime;

import org.jspecify.annotations.NullMarked;
