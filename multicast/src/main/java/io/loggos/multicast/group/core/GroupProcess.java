package io.loggos.multicast.group.core;

import io.loggos.api.NodeId;
import io.loggos.api.group.ViewId;
import io.loggos.api.snapshot.cut.GroupCut;
import io.loggos.multicast.Connectivity;
import io.loggos.multicast.group.core.channel.ViewChannel;
import io.loggos.multicast.group.core.model.GroupEffects;
import io.loggos.multicast.group.core.model.GroupMessage;
import io.loggos.multicast.group.core.model.GroupMessage.Absent;
import io.loggos.multicast.group.core.model.GroupMessage.Flush;
import io.loggos.multicast.group.core.model.GroupMessage.Flushed;
import io.loggos.multicast.group.core.model.GroupMessage.InView;
import io.loggos.multicast.group.core.model.GroupMessage.Install;
import io.loggos.multicast.group.core.model.GroupMessage.Join;
import io.loggos.multicast.group.core.model.GroupMessage.Leave;
import io.loggos.multicast.group.core.model.GroupMessage.Presence;
import io.loggos.multicast.group.core.model.GroupMessage.Received;
import io.loggos.multicast.group.core.model.GroupMessage.Refused;
import io.loggos.multicast.group.core.model.GroupMessage.Restored;
import io.loggos.multicast.group.core.model.GroupMessage.Stable;
import io.loggos.multicast.group.core.model.GroupMessage.Suspect;
import io.loggos.multicast.group.core.model.GroupMessage.Trim;
import io.loggos.multicast.group.core.model.GroupMessage.Trimmed;
import io.loggos.multicast.group.core.model.GroupSettings;
import io.loggos.multicast.group.core.model.GroupView;
import io.loggos.multicast.group.core.model.LifeNumbers;
import io.loggos.multicast.group.core.model.Member;
import io.loggos.multicast.group.core.model.Packet;
import io.loggos.multicast.group.core.model.Proposal;
import io.loggos.multicast.group.core.model.SendQueue;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * One node's part in one group: looking for it, being a member through a sequence of views, leaving.
 *
 * <p>Views are changed as Birman and Joseph describe (<i>Exploiting Virtual Synchrony</i>, 1987): flush, then install.
 * {@link GroupLifecycle} has the phases of the node's part, {@link Membership} the state of one view, and
 * {@link ViewChannel} its messages. This class takes the events and hands each to the present phase.
 *
 * <p>Pure: called on the node's one loop thread, with events and the time. {@code now} is monotonic, in nanoseconds. No
 * input from a peer makes a method throw.
 */
public final class GroupProcess {
    private final GroupSettings settings;
    private final GroupLifecycle lifecycle;
    private final Incoming incoming = new Incoming();

    /** Messages of this member to itself; taken once the present event is done. */
    private final ArrayDeque<GroupMessage> toSelf = new ArrayDeque<>();

    private long lastTickNanos;

    public GroupProcess(
            GroupSettings settings,
            Connectivity connectivity,
            SendQueue queue,
            LifeNumbers lives,
            GroupEffects effects) {
        this.settings = settings;
        this.lifecycle = new GroupLifecycle(settings, connectivity, queue, lives, effects, toSelf::add);
    }

    /** Begins to look for the group. */
    public void start(long at) {
        lifecycle.at(at);
        lastTickNanos = at;
        lifecycle.start();
        tickJoining();
        settle();
    }

    /** Returns the installed view; null if there is none. */
    public @Nullable GroupView view() {
        Membership member = lifecycle.membership();
        return member == null ? null : member.view();
    }

    /**
     * Returns the state of this member for a global snapshot.
     *
     * @return null while it has no view, or its view is being changed, or it does not have the state yet
     */
    public @Nullable GroupCut record(String name) {
        Membership member = lifecycle.membership();
        return member == null || !member.hasState() || member.flush().isFlushing()
                ? null
                : member.channel().record(name);
    }

    /**
     * Returns the highest life of this node's members that certainly take part no more; the lowest number while one
     * does.
     */
    long absentThrough() {
        return lifecycle.absentThrough();
    }

    /** True if this node takes no part any more. */
    public boolean isOver() {
        return lifecycle.isOver();
    }

    public void onMessage(NodeId from, GroupMessage message, long at) {
        lifecycle.at(at);
        take(from, message);
        settle();
    }

    private void take(NodeId from, GroupMessage message) {
        Membership member = lifecycle.membership();
        if (!(message instanceof InView inView)) {
            message.dispatch(from, incoming);
        } else if (lifecycle.isIn(inView.view())) {
            if (membership().view().rank(from) >= 0) {
                message.dispatch(from, incoming);
            }
        } else if (message instanceof Packet packet
                && (member == null || packet.view().compareTo(member.view().id()) > 0)) {
            lifecycle.keepEarly(from, packet);
        } else if (member != null && !from.equals(settings.self())) {
            lifecycle.stragglers().tell(from, inView.view(), member, lifecycle.now());
        }
    }

    /** Notes that an answer of {@link Connectivity} may have changed. */
    public void onConnectivity(long at) {
        lifecycle.at(at);
        Joining joining = lifecycle.joining();
        Membership member = lifecycle.membership();
        if (joining != null) {
            joining.ask(lifecycle);
        } else if (member != null) {
            member.consider(at);
        }
        settle();
    }

    /** Notes that messages to a peer may have been lost. */
    public void onOutgoingReset(NodeId peer, long at) {
        lifecycle.at(at);
        Joining joining = lifecycle.joining();
        Membership member = lifecycle.membership();
        if (joining != null) {
            joining.ask(lifecycle);
        } else if (member != null) {
            member.onOutgoingReset(peer, at);
        }
        settle();
    }

    /** Notes that the application has taken all packets of a rank in the view up to this number. */
    public void onConsumed(ViewId view, int rank, long number) {
        lifecycle.consumedIn(view);
        if (lifecycle.isIn(view)) {
            membership().channel().onConsumed(rank, number, lifecycle.now());
        }
    }

    /** Notes that the fetched state is restored. */
    public void onStateRestored(ViewId boundary) {
        if (lifecycle.isIn(boundary)) {
            membership().stateRestored(lifecycle.now());
            settle();
        }
    }

    /** Notes that the application has taken the news of an eviction, and all events before it. */
    public void onEvictionTold() {
        lifecycle.evictionTold();
    }

    /** Notes that the provider cannot give the state. */
    public void onStateLost(ViewId boundary) {
        if (lifecycle.isIn(boundary)) {
            lifecycle.evict("the state of " + boundary + " could not be fetched");
        }
    }

    /**
     * Takes the answer of the agreement.
     *
     * @param higherCounter with a refusal, the counter of the view that stands against it, if that is known
     */
    public void onAgreed(Proposal proposal, boolean primary, long higherCounter, long at) {
        lifecycle.at(at);
        boolean mayRetry = higherCounter >= proposal.view().id().counter();
        lifecycle.hearsOf(higherCounter);
        Joining joining = lifecycle.joining();
        Membership member = lifecycle.membership();
        if (member != null) {
            member.onAgreed(proposal, primary, mayRetry, at);
        } else if (joining != null) {
            joining.onAgreed(lifecycle, proposal.view().id(), primary, mayRetry, at);
        }
        settle();
    }

    /** Begins to leave; {@link GroupEffects#left} follows. */
    public void leave(long at) {
        lifecycle.at(at);
        lifecycle.leave();
        settle();
    }

    /** Sends queued messages and due acknowledgements; called at the end of each turn in which something happened. */
    public void endTurn(long at) {
        lifecycle.at(at);
        Membership member = lifecycle.membership();
        if (member != null) {
            member.endTurn(lifecycle.isLeaving(), at);
        }
    }

    public void onTick(long at) {
        lifecycle.at(at);
        lastTickNanos = at;
        Membership member = lifecycle.membership();
        if (member != null && lifecycle.isLeaveOverdue()) {
            lifecycle.gone();
        } else if (member != null) {
            if (lifecycle.isLeaving()) {
                member.sayLeave();
            }
            member.tick(at);
        } else {
            tickJoining();
        }
        settle();
    }

    private void tickJoining() {
        Joining joining = lifecycle.joining();
        if (joining != null) {
            joining.tick(lifecycle, lifecycle.now());
        }
    }

    /** Time at which {@link #onTick} next has work. */
    public long nextTickNanos() {
        return isOver() ? Long.MAX_VALUE : lastTickNanos + settings.heartbeatNanos();
    }

    /** Throws if an invariant that is written at a field does not hold. */
    public void checkInvariants() {
        lifecycle.checkInvariants();
    }

    /** True if a view must not be primary as far as this member knows. */
    public boolean standsAgainst(GroupView view) {
        Joining joining = lifecycle.joining();
        Membership member = lifecycle.membership();
        if (member == null) {
            return joining != null && joining.from() != null && joining.from().isAhead(view.base());
        }
        return member.view().isAhead(view.base()) || member.isLeftOutOf(view);
    }

    private Membership membership() {
        Membership member = lifecycle.membership();
        if (member == null) {
            throw new IllegalStateException("in no view");
        }
        return member;
    }

    /** Handles the messages of this member to itself. */
    private void settle() {
        for (GroupMessage message = toSelf.poll(); message != null; message = toSelf.poll()) {
            take(settings.self(), message);
        }
    }

    /** Dispatches the messages; those that belong to a view come here only if it is the present one. */
    private final class Incoming implements GroupMessage.Handler {
        @Override
        public void onPacket(NodeId from, Packet packet) {
            membership().onPacket(from, packet);
        }

        @Override
        public void onJoin(NodeId from, Join join) {
            Joining joining = lifecycle.joining();
            Membership member = lifecycle.membership();
            lifecycle.hearsOf(join.counter());
            if (member == null) {
                Member looking = null;
                if (joining != null && lifecycle.mayLook()) {
                    joining.onJoin(join, lifecycle.now());
                    looking = joining.member();
                }
                lifecycle.send(from, new Presence(looking, null));
            } else if (!member.view().contains(join.member())) {
                member.onJoin(from, join, lifecycle.now());
            } else {
                lifecycle.stragglers().tellJoiner(from);
            }
        }

        @Override
        public void onLeave(NodeId from, Leave leave) {
            Membership member = lifecycle.membership();
            if (member != null) {
                member.onLeave(from, leave.member(), lifecycle.now());
            }
        }

        @Override
        public void onAbsent(NodeId from, Absent absent) {
            Membership member = lifecycle.membership();
            if (member != null) {
                member.onAbsent(from, absent.throughLife(), lifecycle.now());
            }
        }

        @Override
        public void onRestored(NodeId from, Restored restored) {
            membership().onRestored(sender(from), lifecycle.now());
        }

        @Override
        public void onPresence(NodeId from, Presence presence) {
            GroupView other = presence.view();
            Member teller = presence.member();
            Joining joining = lifecycle.joining();
            Membership member = lifecycle.membership();
            if (other != null) {
                lifecycle.hearsOf(other.id().counter());
            }
            if (joining != null) {
                joining.onPresence(from, presence, lifecycle.now());
            }
            if (other == null || teller == null || member == null || lifecycle.isIn(other.id())) {
                return;
            }
            member.onPresence(from, teller, other, lifecycle.stragglers(), lifecycle.now());
        }

        @Override
        public void onRefused(NodeId from, Refused refused) {
            Joining joining = lifecycle.joining();
            if (joining != null && joining.member().equals(refused.member())) {
                lifecycle.refused("refused by " + from + ": " + refused.reason());
            }
        }

        @Override
        public void onReceived(NodeId from, Received ack) {
            membership().channel().onReceived(membership().view().rank(from), ack, lifecycle.now());
        }

        @Override
        public void onStable(NodeId from, Stable stable) {
            membership().channel().onStable(membership().view().rank(from), stable);
        }

        @Override
        public void onSuspect(NodeId from, Suspect suspect) {
            membership().onSuspect(suspect.member(), lifecycle.now());
        }

        @Override
        public void onFlush(NodeId from, Flush flush) {
            membership().onFlush(sender(from), flush);
        }

        @Override
        public void onFlushed(NodeId from, Flushed flushed) {
            membership().onFlushed(sender(from), flushed, lifecycle.now());
        }

        @Override
        public void onTrim(NodeId from, Trim trim) {
            membership().onTrim(trim);
        }

        @Override
        public void onTrimmed(NodeId from, Trimmed ack) {
            membership().onTrimmed(sender(from), ack, lifecycle.now());
        }

        private Member sender(NodeId node) {
            return membership().view().member(membership().view().rank(node));
        }

        @Override
        public void onInstall(NodeId from, Install install) {
            lifecycle.onInstall(install);
        }
    }
}
