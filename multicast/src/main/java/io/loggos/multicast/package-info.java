/**
 * FIFO links between nodes over gRPC, the failure detector, and ordered, reliable multicast in views that all members
 * see alike.
 *
 * <p>It depends on {@code api} alone and stores nothing; {@code snapshot} and {@code paxos} use it.
 */
@NullMarked
package io.loggos.multicast;

import org.jspecify.annotations.NullMarked;
