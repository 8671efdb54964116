/**
 * The disk of a node: the durable log of the acceptors and the state of the key-value state machine. All replicated
 * logs of the node share the durable log, and group commit writes it. This package implements interfaces of
 * {@code io.loggos.api.spi} and knows nothing of the network. {@code paxos} and the assembly of a node use it.
 */
@NullMarked
package io.loggos.storage;

import org.jspecify.annotations.NullMarked;
