/**
 * Consensus for applications with a guaranteed bound on message delays.
 *
 * <p>The algorithm is the f + 1 rounds of the textbooks, over a group. The class {@link
 * io.loggos.paxos.synchronous.SynchronousAgreement} is for applications and for readers. The logs of this library do
 * not use it, because they must be correct however late a message is.
 */
@NullMarked
package io.loggos.paxos.synchronous;

import org.jspecify.annotations.NullMarked;
