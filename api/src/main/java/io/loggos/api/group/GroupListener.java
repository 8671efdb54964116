package io.loggos.api.group;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;

/**
 * What a member of a group is told. All calls of one group come from one thread, messages and views in one order, one
 * at a time. They may call {@link Group#multicast} and {@link Group#send}, which never block on this thread. They must
 * not wait for anything that other members do: a member that does not take its messages holds up those who send, and
 * is excluded after {@link GroupOptions#slowMemberTimeout}.
 */
public interface GroupListener {
    /** A message, delivered in the view told last. The sender is one of its members, perhaps this one. */
    void onMessage(NodeId from, Bytes message);

    /** A new view begins. */
    default void onView(ViewChange change) {}

    /**
     * This member is no longer one: the others went on without it, or took it for failed. Unless it was closed, it
     * joins again as a new member, with the state of those who went on; {@link #onView} says when.
     */
    default void onEvicted(String reason) {}
}
