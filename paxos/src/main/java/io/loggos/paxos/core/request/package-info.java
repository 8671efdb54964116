/**
 * Requests of callers: commands and linearizable reads, on their way to the leader and at the leader.
 *
 * <p>The package uses the proposer only through {@link io.loggos.paxos.core.request.Leader}.
 */
@NullMarked
package io.loggos.paxos.core.request;

import org.jspecify.annotations.NullMarked;
