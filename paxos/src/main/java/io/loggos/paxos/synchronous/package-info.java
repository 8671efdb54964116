/**
 * Consensus for those who can promise how long a message takes at most: the f + 1 rounds of the textbook over a group.
 * {@link io.loggos.paxos.synchronous.SynchronousAgreement} is for applications and for readers; the logs of this
 * library never rest on it, since they must be right however late a message is.
 */
@NullMarked
package io.loggos.paxos.synchronous;

import org.jspecify.annotations.NullMarked;
