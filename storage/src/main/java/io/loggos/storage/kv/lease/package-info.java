/**
 * Leases of the key-value store (RULES.md SS-1): their table, the commands that change it, and the lessor of a node.
 *
 * <p>{@link io.loggos.storage.kv.lease.LeaseTable} decides, and knows neither keys nor threads. {@link
 * io.loggos.storage.kv.lease.LeaseRunner} applies the commands of the log to it and deletes the keys. {@link
 * io.loggos.storage.kv.lease.Lessor} proposes the expiries of the leader, and {@link
 * io.loggos.storage.kv.lease.Renewals} the renewals that callers of this node ask for.
 */
@NullMarked
package io.loggos.storage.kv.lease;

import org.jspecify.annotations.NullMarked;
