/**
 * Chandy–Lamport global snapshots: consistent cuts through the states of the nodes and the messages in flight between
 * them.
 *
 * <p>It may use {@code api} and {@code multicast}; {@code paxos} may use it when it assembles a node.
 */
@NullMarked
package io.loggos.snapshot;

import org.jspecify.annotations.NullMarked;
