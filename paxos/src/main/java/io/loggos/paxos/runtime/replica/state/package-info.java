/** The state that a replica keeps beside its state machine's, and that checkpoints contain. */
@NullMarked
package io.loggos.paxos.runtime.replica.state;

import org.jspecify.annotations.NullMarked;
