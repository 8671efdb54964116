/**
 * The members of a cluster at run time: the log that decides them, joining, and what the rest of a node is told.
 *
 * <p>On the loop's thread, except where a Javadoc says otherwise.
 */
@NullMarked
package io.loggos.paxos.runtime.members;

import org.jspecify.annotations.NullMarked;
