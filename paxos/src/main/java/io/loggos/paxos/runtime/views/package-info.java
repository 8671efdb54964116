/**
 * The sequence of primary views by a replicated log, which replaces the majority of the nodes.
 *
 * <p>Groups with {@link io.loggos.api.group.GroupOptions.Agreement#LOG} use it. {@link
 * io.loggos.multicast.group.core.agreement.PrimaryLine} is the rule that says which view may follow. This package puts the rule
 * behind a log.
 */
@NullMarked
package io.loggos.paxos.runtime.views;

import org.jspecify.annotations.NullMarked;
