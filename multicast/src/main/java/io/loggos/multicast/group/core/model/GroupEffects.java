package io.loggos.multicast.group.core.model;

import io.loggos.api.NodeId;
import io.loggos.api.group.Receipt;
import io.loggos.api.group.ViewChange;
import io.loggos.api.group.ViewId;

/**
 * Effects that a {@code GroupProcess} asks for.
 *
 * <p>{@code deliver}, {@code install}, {@code captureState}, {@code fetchState}, {@code evicted} and {@code receipt} go
 * to the application in the order of these calls, through one queue.
 */
public interface GroupEffects {
    /** Sends over the link to a peer; never to this node itself. */
    void send(NodeId to, GroupMessage message);

    /**
     * Delivers the messages of a packet, and reports {@code GroupProcess.onConsumed} once the application has taken
     * them.
     *
     * <p>The packet may be empty or meant for another member. Then there is nothing to deliver, but it must still be
     * reported.
     */
    void deliver(NodeId sender, Packet packet);

    /** Reports a new view. */
    void install(ViewChange change);

    /** Captures the present state, for the members that join in the view of this id, and keeps it for them. */
    void captureState(ViewId boundary);

    /**
     * Fetches the state that the provider captured under this id, restores it and reports
     * {@code GroupProcess.onStateRestored}.
     *
     * <p>Events since the last request whose state was not restored are void. Events after this call wait for the
     * state. If it cannot be had, {@code GroupProcess.onStateLost} is reported.
     */
    void fetchState(NodeId provider, ViewId boundary);

    /**
     * Reports that this node is no longer a member. {@code GroupProcess.onEvictionTold} follows once the application
     * has taken this event and all before it.
     *
     * <p>The node looks for the group again only after that: so what waits for an application is bounded.
     */
    void evicted(String reason);

    /**
     * Reports the fate of a message of this member.
     *
     * <p>If events before it are void, so is a delivery that it reports: then the fate is unknown.
     */
    void receipt(PendingReceipt pending, Receipt receipt);

    /**
     * Reports that this node has left the group. This is the last call.
     *
     * @param last the member that it was last
     */
    void left(Member last);

    /**
     * Asks whether a view may be the next primary one. The answer is {@code GroupProcess.onAgreed} or nothing.
     *
     * <p>Called again for the same view while no answer comes.
     */
    void propose(Proposal proposal);

    /** Counts an event. */
    void note(GroupEvent event);
}
