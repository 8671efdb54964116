package io.loggos.multicast.group.core;

import io.loggos.api.NodeId;
import io.loggos.multicast.group.core.model.GroupView;
import io.loggos.multicast.group.core.model.Member;
import io.loggos.multicast.group.core.viewchange.NextViewPlan;

/** News of other views of the group, and what they mean for a member of this one. */
final class OtherViews {
    private final Membership membership;
    private final NextViewPlan plan;
    private final Membership.Host host;

    OtherViews(Membership membership, NextViewPlan plan, Membership.Host host) {
        this.membership = membership;
        this.plan = plan;
        this.host = host;
    }

    /** Takes the news that a node is in another view. */
    void onPresence(NodeId from, Member teller, GroupView other, Stragglers stragglers, long now) {
        GroupView view = membership.view();
        if (!view.contains(teller)) {
            onRival(from, other, stragglers, now);
        } else if (other.id().compareTo(view.id()) < 0) {
            if (stragglers.knowEndOf(other.id())) {
                stragglers.tell(from, other.id(), membership, now);
            } else {
                // It was admitted to both views, and has gone to the other.
                membership.onSuspect(teller, now);
            }
        } else if (other.contains(membership.self())) {
            host.send(from, membership.presence());
        } else if (view.isAhead(other.base())) {
            // That view does not come from this one: the teller was admitted to both.
            membership.onSuspect(teller, now);
        } else {
            host.evict("others went on without this member, to " + other.id());
        }
    }

    /** Takes the news that a node outside of this view is in another one. */
    private void onRival(NodeId teller, GroupView other, Stragglers stragglers, long now) {
        Member self = membership.self();
        for (Member member : membership.view().members()) {
            Member there = other.on(member.node());
            if (there != null && there.isReturnOf(member) && !member.equals(self)) {
                plan.exclude(member);
            }
        }
        if (other.on(self.node()) != null) {
            stragglers.tell(teller, other.id(), membership, now);
        }
        if (!other.contains(self)) {
            // Otherwise this member has left it, or has never been there: there is nothing to go back to.
            plan.onRival(teller, other, now);
        }
        membership.consider(now);
    }
}
