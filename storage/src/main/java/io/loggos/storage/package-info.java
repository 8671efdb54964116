/**
 * What a node keeps on its disk: the durable log of the acceptors, shared by all replicated logs of the node and
 * written by group commit, and the state of the key-value state machine. It implements the seams of
 * {@code io.loggos.api.spi} and knows nothing of the network; {@code paxos} and the assembly of a node use it.
 */
@NullMarked
package io.loggos.storage;

import org.jspecify.annotations.NullMarked;
