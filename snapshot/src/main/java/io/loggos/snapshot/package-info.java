/**
 * The place of Chandy–Lamport global snapshots: consistent cuts through what the nodes hold and what is in flight
 * between them. It may use {@code api} and {@code multicast}; {@code paxos} may use it when it assembles a node.
 */
@NullMarked
package io.loggos.snapshot;

import org.jspecify.annotations.NullMarked;
