package io.loggos.paxos.core.skip;

import io.loggos.api.NodeId;
import io.loggos.paxos.core.model.SkipCaller;
import java.util.Set;

/**
 * A request of an operator to skip a slot.
 *
 * @param deadlineNanos the end of the caller's patience
 * @param missing the nodes that have not agreed yet, which change
 */
record OpenSkip(long slot, SkipCaller caller, long deadlineNanos, Set<NodeId> missing) {}
