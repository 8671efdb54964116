/**
 * A replica as its callers see it, and the state machine behind it on the thread that applies commands.
 */
@NullMarked
package io.loggos.paxos.runtime.replica;

import org.jspecify.annotations.NullMarked;
