package io.loggos.multicast.group.core.agreement;

import io.loggos.api.group.GroupId;
import io.loggos.multicast.group.core.model.Member;
import io.loggos.multicast.group.core.model.Proposal;

/**
 * Decides which views are primary, so that they form one line.
 *
 * <p>{@link MajorityAgreement} asks the nodes of the cluster and keeps nothing on disk; another implementation may ask
 * a replicated log.
 */
public interface ViewAgreement {
    /**
     * Asks whether a view may be the next primary one.
     *
     * <p>It answers with {@code GroupProcess.onAgreed}, or never. It may be asked again for the same view, and then
     * gives the same answer if it gives one.
     */
    void propose(GroupId group, Proposal proposal);

    /** Notes that a member of this node has left and is no member of any view any more. */
    void left(GroupId group, Member member);
}
