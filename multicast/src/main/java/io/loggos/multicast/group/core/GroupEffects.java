package io.loggos.multicast.group.core;

import io.loggos.api.NodeId;
import io.loggos.api.group.ViewChange;
import io.loggos.api.group.ViewId;

/**
 * What a {@link GroupProcess} asks for. {@code deliver}, {@code install}, {@code captureState}, {@code fetchState} and
 * {@code evicted} go to the application in the order of these calls, through one queue.
 */
public interface GroupEffects {
    /** Sends over the link to a peer; never to this node itself. */
    void send(NodeId to, GroupMessage message);

    /**
     * Delivers the messages of a packet, and reports it by {@link GroupProcess#onConsumed} once the application has taken
     * them. The packet may be empty or meant for another member; then there is nothing to deliver but all to report.
     */
    void deliver(NodeId sender, Packet packet);

    /** Tells of a new view. */
    void install(ViewChange change);

    /** Captures the state as it stands here, for those who join in the view of this id, and keeps it for them. */
    void captureState(ViewId boundary);

    /**
     * Everything that was handed over since this was asked for last and not restored, is void. Fetches the state that the
     * provider captured under this id, restores it and reports {@link GroupProcess#onStateRestored}; what is handed over
     * after this call waits for that. If it fails, it reports {@link GroupProcess#onStateLost}.
     */
    void fetchState(NodeId provider, ViewId boundary);

    /** Tells that this member is none any more. */
    void evicted(String reason);

    /** This node has left the group; it was this member last. The last call. */
    void left(Member last);

    /**
     * Asks whether a view may be the next primary one; {@link GroupProcess#onAgreed} or nothing is the answer. Called
     * again for the same view while no answer comes.
     */
    void propose(Proposal proposal);

    /** Something worth counting. */
    void note(String event);
}
