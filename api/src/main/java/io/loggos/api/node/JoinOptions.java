package io.loggos.api.node;

import io.loggos.api.NodeId;
import java.util.Optional;

/**
 * The wish of a new node to join a running cluster.
 *
 * @param learner true if it shall not become a voter by itself
 * @param replaces the member whose place it takes, in the change that makes it a voter
 */
public record JoinOptions(boolean learner, Optional<NodeId> replaces) {
    /** Returns the wish to become one more voter. */
    public static JoinOptions voter() {
        return new JoinOptions(false, Optional.empty());
    }

    /** Returns the wish to become a learner. */
    public static JoinOptions asLearner() {
        return new JoinOptions(true, Optional.empty());
    }

    /** Returns the wish to become a voter in place of a member, which is removed then. */
    public static JoinOptions inPlaceOf(NodeId member) {
        return new JoinOptions(false, Optional.of(member));
    }
}
