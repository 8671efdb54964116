/**
 * The Synod: Paxos for one single value, pure, in one class. Where a reader of the code begins: {@link
 * io.loggos.paxos.synod.core.Synod} is <i>Paxos Made Simple</i>, section 2, step by step, and what it does
 * once, {@code io.loggos.paxos.core} does for every slot of a log. For tests, and for whoever needs one
 * decision and no log.
 */
@NullMarked
package io.loggos.paxos.synod.core;

import org.jspecify.annotations.NullMarked;
