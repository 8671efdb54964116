package io.loggos.multicast.group.core.agreement;

import io.loggos.api.NodeId;
import io.loggos.api.group.GroupId;
import io.loggos.api.group.ViewId;
import io.loggos.api.node.TimingOptions;
import io.loggos.multicast.group.core.model.Attempt;
import io.loggos.multicast.group.core.model.GroupMessage;
import io.loggos.multicast.group.core.model.GroupMessage.Agree;
import io.loggos.multicast.group.core.model.GroupMessage.Agreed;
import io.loggos.multicast.group.core.model.GroupView;
import io.loggos.multicast.group.core.model.Member;
import io.loggos.multicast.group.core.model.Proposal;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Agreement by majority: a view is primary if a majority of the cluster's nodes, members or not, has granted it.
 *
 * <p>A node grants a view if all of these hold:
 * <ul>
 *   <li>It has granted no higher view.
 *   <li>It is not itself a live member of a primary view that the new one leaves out, nor comes from a later one.
 *   <li>It knows of no other view that is in force: granted, and granted or seen within three election timeouts. A view
 *       is in force no longer once no member of it takes part.
 * </ul>
 *
 * <p>The coordinator of a view often says that it is there. It gives up the primary view earlier than that when it has
 * lost contact with a majority.
 *
 * <p>A view that comes from the one in force follows it at once. So does a view that rules out all attempts at the one
 * in force, see {@link Proposal}. So two primary views do not stand side by side.
 *
 * <p>Nothing is kept on disk, and silence counts as an end. A node that restarts has forgotten its grants. In two cases
 * the line then goes on from an earlier view:
 * <ul>
 *   <li>So many nodes restart that two majorities have only such nodes in common.
 *   <li>The members that come from the last primary view stay cut off from a majority that does not.
 * </ul>
 *
 * <p>If that must not happen, a replicated log decides instead, see {@link PrimaryLine}.
 */
public final class MajorityAgreement implements ViewAgreement {
    /** Services that the agreement needs from the groups of its node. */
    public interface Host {
        /** Time of the event that is being handled. Monotonic, in nanoseconds. */
        long now();

        /** Sends a message about a group to a peer. */
        void send(NodeId to, GroupId group, GroupMessage message);

        /** The highest life of this node's members of the group that are over. */
        long absentThrough(GroupId group);

        /** True if a view must not be primary as far as this node's member of the group knows. */
        boolean standsAgainst(GroupId group, GroupView view);

        /**
         * Takes the answer about a proposal of this node.
         *
         * @param higherCounter with a refusal, the counter of the view that stands against it; 0 if none is known
         */
        void onAgreed(GroupId group, Proposal proposal, boolean primary, long higherCounter, long at);
    }

    private static final int TIMEOUTS_IN_FORCE = 3;

    /** One question, and the nodes that have answered. */
    private static final class Asking {
        private final Proposal proposal;
        private final SortedSet<NodeId> granted = new TreeSet<>();
        private final SortedSet<NodeId> refused = new TreeSet<>();
        private boolean answered;

        Asking(Proposal proposal) {
            this.proposal = proposal;
        }
    }

    /**
     * Last grant of a node, or a later view that it knows of, and when it last heard of it. [volatile]
     *
     * @param attempts by which it may have come about; all are for one view
     */
    private record Granted(List<Proposal> attempts, long heardNanos) {
        GroupView view() {
            return attempts.get(0).view();
        }
    }

    private final NodeId self;
    private final SortedSet<NodeId> nodes;
    private final long inForceNanos;
    private final Host host;
    private final TreeMap<GroupId, Granted> granted = new TreeMap<>();
    private final TreeMap<GroupId, Asking> asking = new TreeMap<>();
    /** For each peer, the highest life of its members that are over. [volatile] */
    private final TreeMap<GroupId, TreeMap<NodeId, Long>> absent = new TreeMap<>();

    public MajorityAgreement(NodeId self, SortedSet<NodeId> nodes, TimingOptions timing, Host host) {
        this.self = self;
        this.nodes = Collections.unmodifiableSortedSet(nodes);
        this.inForceNanos = TIMEOUTS_IN_FORCE * timing.electionTimeout().toNanos();
        this.host = host;
    }

    @Override
    public void propose(GroupId group, Proposal proposal) {
        Asking now = asking.get(group);
        if (now == null || now.answered || !now.proposal.equals(proposal)) {
            now = new Asking(proposal);
            asking.put(group, now);
        }
        for (NodeId node : nodes) {
            if (!node.equals(self) && !now.granted.contains(node)) {
                host.send(node, group, new Agree(proposal));
            }
        }
        onAgreed(self, group, grant(group, proposal));
    }

    @Override
    public void left(GroupId group, Member member) {
        // The members that stay find out by themselves.
    }

    /** Answers a node that asks. */
    public Agreed grant(GroupId group, Proposal proposal) {
        GroupView view = proposal.view();
        Granted before = granted.get(group);
        boolean refused = before != null
                && !before.view().id().equals(view.id())
                && (before.view().id().compareTo(view.id()) > 0 || isInForceBeside(group, before, proposal));
        if (refused || host.standsAgainst(group, view)) {
            return new Agreed(proposal, false, before == null ? null : before.view());
        }
        List<Proposal> attempts = before != null && before.view().id().equals(view.id())
                ? Proposal.with(before.attempts, proposal)
                : List.of(proposal);
        granted.put(group, new Granted(attempts, host.now()));
        return new Agreed(proposal, true, null);
    }

    /** Notes that no member of a peer up to this life takes part (RULES.md V-19). */
    public void onAbsent(GroupId group, NodeId peer, long throughLife) {
        absent.computeIfAbsent(group, key -> new TreeMap<>()).merge(peer, throughLife, Math::max);
    }

    /** True if no member of a view takes part any more, so that nobody can be in it or come from it. */
    private boolean isDeserted(GroupId group, GroupView view) {
        TreeMap<NodeId, Long> peers = absent.getOrDefault(group, new TreeMap<>());
        return view.members().stream().allMatch(member -> {
            long through = member.node().equals(self)
                    ? host.absentThrough(group)
                    : peers.getOrDefault(member.node(), Long.MIN_VALUE);
            return member.life() <= through;
        });
    }

    private boolean isInForceBeside(GroupId group, Granted before, Proposal proposal) {
        GroupView view = proposal.view();
        ViewId base = view.base();
        boolean follows = base != null && base.compareTo(before.view().id()) >= 0;
        return !follows
                && !before.attempts.stream().allMatch(proposal::rulesOut)
                && host.now() - before.heardNanos < inForceNanos
                && !isDeserted(group, before.view());
    }

    /** Notes which view a node is in. */
    public void onPresence(GroupId group, @Nullable GroupView view) {
        Granted before = granted.get(group);
        int order = view == null || before == null
                ? 1
                : view.id().compareTo(before.view().id());
        if (view != null && before != null && order == 0 && !view.primary()) {
            // It was granted here, but not by enough nodes, and so binds nobody.
            granted.remove(group);
        } else if (view != null && view.primary() && order >= 0) {
            granted.put(
                    group,
                    new Granted(
                            before != null && order == 0
                                    ? before.attempts
                                    : List.of(new Proposal(view, view.id(), new Attempt(0, self), List.of())),
                            host.now()));
        }
    }

    public void onAgreed(NodeId from, GroupId group, Agreed answer) {
        Asking now = asking.get(group);
        if (now == null || now.answered || !now.proposal.equals(answer.proposal()) || !nodes.contains(from)) {
            return;
        }
        (answer.granted() ? now.granted : now.refused).add(from);
        GroupView last = answer.last();
        long higherCounter = !answer.granted()
                        && last != null
                        && last.id().compareTo(now.proposal.view().id()) > 0
                ? last.id().counter()
                : 0;
        if (2 * now.granted.size() > nodes.size()) {
            now.answered = true;
            host.onAgreed(group, answer.proposal(), true, 0, host.now());
        } else if (higherCounter > 0 || 2 * (nodes.size() - now.refused.size()) <= nodes.size()) {
            now.answered = true;
            host.onAgreed(group, answer.proposal(), false, higherCounter, host.now());
        }
    }
}
