/**
 * Leases for reads: the leader's {@link io.loggos.paxos.core.lease.Lease} and an acceptor's {@link
 * io.loggos.paxos.core.lease.Grant}. Uses {@code core.model}
 * and {@code core.process}.
 */
@NullMarked
package io.loggos.paxos.core.lease;

import org.jspecify.annotations.NullMarked;
