package io.loggos.multicast.group.core;

import io.loggos.api.group.GroupId;

/**
 * Decides which views are primary, so that they form one line. {@link MajorityAgreement} asks the nodes of the cluster
 * and keeps nothing on disk; another may ask a replicated log.
 */
public interface ViewAgreement {
    /**
     * Asks whether a view may be the next primary one. It answers with {@link GroupProcess#onAgreed}, or never. It may be
     * asked again for the same view, and then gives the same answer if it gives one.
     */
    void propose(GroupId group, Proposal proposal);

    /** A member of this node has left and is no member of any view any more. */
    void left(GroupId group, Member member);
}
