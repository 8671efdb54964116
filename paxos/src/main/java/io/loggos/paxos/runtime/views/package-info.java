/**
 * The line of primary views by a replicated log: what a group with {@link
 * io.loggos.api.group.GroupOptions.Agreement#LOG} asks instead of a majority of the nodes. The rule which view may follow is
 * {@link io.loggos.multicast.group.core.PrimaryLine}; this package puts it behind a log.
 */
@NullMarked
package io.loggos.paxos.runtime.views;

import org.jspecify.annotations.NullMarked;
