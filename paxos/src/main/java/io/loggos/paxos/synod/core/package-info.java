/**
 * The Synod: Paxos for a single value, as one pure class. A reader of the code should begin here.
 *
 * <p>The class {@link io.loggos.paxos.synod.core.Synod} is <i>Paxos Made Simple</i>, section 2, step by step. The
 * package {@code io.loggos.paxos.core} does the same for every slot of a log. For tests, and for users that need one
 * decision and no log.
 */
@NullMarked
package io.loggos.paxos.synod.core;

import org.jspecify.annotations.NullMarked;
