package io.loggos.multicast.group.core;

import io.loggos.api.NodeId;
import io.loggos.api.group.ViewId;
import io.loggos.multicast.Connectivity;
import io.loggos.multicast.group.core.model.Attempt;
import io.loggos.multicast.group.core.model.GroupEffects;
import io.loggos.multicast.group.core.model.GroupMessage.Join;
import io.loggos.multicast.group.core.model.GroupMessage.Presence;
import io.loggos.multicast.group.core.model.GroupSettings;
import io.loggos.multicast.group.core.model.GroupView;
import io.loggos.multicast.group.core.model.Member;
import io.loggos.multicast.group.core.model.Proposal;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Search of a node for its group before it is a member.
 *
 * <p>It asks all nodes that it has contact with, and founds the group if there is none. Of several nodes that look at
 * the same time, the one with the lowest id founds, see {@link Founding}. Two that found at the same time, without contact, merge later.
 */
final class Joining {
    private static final int SHORT_PATIENCE_TIMEOUTS = 3;
    private static final int LONG_PATIENCE_TIMEOUTS = 5;
    /** Time for which a first view that was refused is proposed again: a view that nobody is in may be in force. */
    private static final int REFUSED_TIMEOUTS = 4;

    /** Services that a joiner needs from its group. */
    interface Host {
        /** True unless the node has to wait before it looks. */
        boolean mayLook();

        /** The highest counter of any view that is known here. */
        long highestCounter();

        /** An id above all that are known. */
        ViewId nextViewId(Member coordinator);

        /** Founds the group with this view. */
        void found(Joining joining, GroupView view);
    }

    private record Heard(Presence presence, long atNanos) {}

    private final GroupSettings settings;
    private final Connectivity connectivity;
    private final GroupEffects effects;
    private final Member member;
    /** The view that this member comes from, if partitions merge. */
    private final @Nullable GroupView from;
    /** The same view without the members that have left it another way. */
    private final @Nullable GroupView parting;

    private final Founding founders;
    private long sinceNanos;
    private final TreeMap<NodeId, Heard> heard = new TreeMap<>();
    /** The view that it wants to found, while the agreement is asked. */
    private @Nullable GroupView founding;

    private long foundingUntilNanos;
    private boolean retried;
    /** Time at which a first view was proposed first; the lowest number before. */
    private long proposedNanos = Long.MIN_VALUE;
    /** Time from which the next first view may be proposed. */
    private long proposeFromNanos = Long.MIN_VALUE;

    Joining(
            GroupSettings settings,
            Connectivity connectivity,
            GroupEffects effects,
            Member member,
            @Nullable GroupView from,
            List<Member> together,
            long now) {
        this.settings = settings;
        this.connectivity = connectivity;
        this.effects = effects;
        this.member = member;
        this.from = from;
        this.parting = from == null ? null : new GroupView(from.id(), together, from.primary(), from.base());
        this.founders = new Founding(settings, connectivity, member, now);
        this.sinceNanos = now;
    }

    Member member() {
        return member;
    }

    @Nullable
    GroupView from() {
        return from;
    }

    /** Notes that another node looks for the group too. */
    void onJoin(Join join, long now) {
        founders.onJoin(join, now);
        // It looks from now on, whatever it has answered before: one with a lower id founds.
        heard.put(join.member().node(), new Heard(new Presence(join.member(), null), now));
    }

    void onPresence(NodeId node, Presence presence, long now) {
        heard.put(node, new Heard(presence, now));
    }

    /** Asks every node that it has contact with. */
    void ask(Host host) {
        if (!host.mayLook()) {
            return;
        }
        for (NodeId node : settings.nodes()) {
            if (!node.equals(settings.self()) && connectivity.connected(node)) {
                effects.send(
                        node,
                        new Join(
                                member,
                                host.highestCounter(),
                                settings.options().partitionPolicy(),
                                settings.options().agreement(),
                                settings.isStateful(),
                                parting));
            }
        }
    }

    @Nullable
    GroupView parting() {
        return parting;
    }

    /** The last primary view that this member comes from. */
    @Nullable
    ViewId base() {
        return from == null ? null : from.base();
    }

    /** True if there is no group to wait for. */
    private boolean mayFound(long now) {
        long waited = now - sinceNanos;
        boolean all = true;
        for (NodeId node : settings.nodes()) {
            if (node.equals(settings.self())) {
                continue;
            }
            if (!connectivity.connected(node)) {
                all = false;
            } else if (waited <= patienceNanos(heard.get(node), node, now)) {
                return false;
            }
        }
        return all || waited > settings.electionNanos();
    }

    /** Time to wait for a node with which there is contact. */
    private long patienceNanos(@Nullable Heard last, NodeId node, long now) {
        if (last == null || now - last.atNanos > settings.electionNanos()) {
            return settings.electionNanos();
        }
        if (last.presence.view() != null) {
            return LONG_PATIENCE_TIMEOUTS * settings.electionNanos();
        }
        boolean founds = last.presence.member() != null && node.compareTo(settings.self()) < 0;
        return founds ? SHORT_PATIENCE_TIMEOUTS * settings.electionNanos() + Founding.longestNanos(settings) : -1;
    }

    /** Asks again, and founds the group if there is none to wait for. */
    void tick(Host host, long now) {
        if (!host.mayLook()) {
            sinceNanos = now;
            founders.begin(now);
            return;
        }
        ask(host);
        if (founding != null && now >= foundingUntilNanos) {
            refused(host, founding.id(), false, now);
        } else if (founding != null) {
            effects.propose(founding(founding));
        } else if (mayFound(now) && now >= proposeFromNanos && (from != null || founders.isDue(now))) {
            foundingUntilNanos = now + settings.electionNanos();
            proposedNanos = proposedNanos == Long.MIN_VALUE ? now : proposedNanos;
            propose(host, now);
        }
    }

    private void propose(Host host, long now) {
        List<Member> members = from == null ? founders.members(now) : List.of(member);
        GroupView view = new GroupView(host.nextViewId(member), members, true, base());
        if (settings.hasMajority(connectivity)) {
            founding = view;
            effects.propose(founding(view));
        } else {
            host.found(this, new GroupView(view.id(), List.of(member), false, base()));
        }
    }

    private Proposal founding(GroupView view) {
        return new Proposal(view, view.id(), new Attempt(0, settings.self()), List.of(member));
    }

    /** Takes the answer of the agreement about the first view. A late answer is ignored. */
    void onAgreed(Host host, ViewId view, boolean primary, boolean mayRetry, long now) {
        if (founding != null && founding.id().equals(view) && now < foundingUntilNanos) {
            if (primary) {
                host.found(this, new GroupView(view, founding.members(), true, view));
            } else {
                refused(host, view, mayRetry, now);
            }
        }
    }

    /** Proposes again, for some time, if the first view is still due then; otherwise it is not primary. */
    private void refused(Host host, ViewId view, boolean mayRetry, long now) {
        if (from == null && now - proposedNanos < REFUSED_TIMEOUTS * settings.electionNanos()) {
            founding = null;
            proposeFromNanos = mayRetry ? now : now + settings.electionNanos() / 2;
        } else if (from != null && mayRetry && !retried) {
            retried = true;
            propose(host, now);
        } else {
            host.found(this, new GroupView(view, List.of(member), false, base()));
        }
    }
}
