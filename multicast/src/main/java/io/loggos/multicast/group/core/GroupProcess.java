package io.loggos.multicast.group.core;

import io.loggos.api.NodeId;
import io.loggos.api.group.PartitionPolicy;
import io.loggos.api.group.ViewId;
import io.loggos.api.snapshot.cut.GroupCut;
import io.loggos.multicast.Connectivity;
import io.loggos.multicast.Invariants;
import io.loggos.multicast.group.core.channel.ViewChannel;
import io.loggos.multicast.group.core.model.Attempt;
import io.loggos.multicast.group.core.model.GroupEffects;
import io.loggos.multicast.group.core.model.GroupEvent;
import io.loggos.multicast.group.core.model.GroupMessage;
import io.loggos.multicast.group.core.model.GroupMessage.Flush;
import io.loggos.multicast.group.core.model.GroupMessage.Flushed;
import io.loggos.multicast.group.core.model.GroupMessage.InView;
import io.loggos.multicast.group.core.model.GroupMessage.Install;
import io.loggos.multicast.group.core.model.GroupMessage.Join;
import io.loggos.multicast.group.core.model.GroupMessage.Leave;
import io.loggos.multicast.group.core.model.GroupMessage.Next;
import io.loggos.multicast.group.core.model.GroupMessage.Presence;
import io.loggos.multicast.group.core.model.GroupMessage.Received;
import io.loggos.multicast.group.core.model.GroupMessage.Refused;
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
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One node's part in one group: looking for it, being a member through a sequence of views, leaving.
 *
 * <p>Views are changed as Birman and Joseph describe (<i>Exploiting Virtual Synchrony</i>, 1987): flush, then install.
 * {@link Membership} has the state of one view, and its {@link ViewChannel} the messages.
 *
 * <p>Pure: called on the node's one loop thread, with events and the time. {@code now} is monotonic, in nanoseconds. No
 * input from a peer makes a method throw.
 */
public final class GroupProcess implements Membership.Host, Joining.Host {
    private final GroupSettings settings;
    private final Connectivity connectivity;
    private final SendQueue queue;
    private final LifeNumbers lives;
    private final GroupEffects effects;
    private final Incoming incoming = new Incoming();

    /** Messages of this member to itself; taken once the present event is done. */
    private final ArrayDeque<GroupMessage> toSelf = new ArrayDeque<>();

    private final EarlyPackets early;
    private final Stragglers stragglers;

    /** Exactly one of the two is set, until this node has left. */
    private @Nullable Joining joining;

    private @Nullable Membership membership;
    private boolean leaving;
    private long leaveByNanos;
    /** The highest counter of any view that is known here. */
    private long highestCounter;

    private @Nullable ViewId enteredId;

    private long lastTickNanos;
    private long now;

    public GroupProcess(
            GroupSettings settings,
            Connectivity connectivity,
            SendQueue queue,
            LifeNumbers lives,
            GroupEffects effects) {
        this.settings = settings;
        this.connectivity = connectivity;
        this.queue = queue;
        this.lives = lives;
        this.effects = effects;
        this.early = new EarlyPackets(2L * settings.options().windowBytes());
        this.stragglers = new Stragglers(effects, settings.heartbeatNanos());
    }

    /** Begins to look for the group. */
    public void start(long at) {
        now = at;
        lastTickNanos = at;
        look(null, List.of());
        tickJoining();
        settle();
    }

    /** Returns the installed view; null if there is none. */
    public @Nullable GroupView view() {
        return membership == null ? null : membership.view();
    }

    /**
     * Returns the state of this member for a global snapshot.
     *
     * @return null while it has no view, or its view is being changed, or it does not have the state yet
     */
    public @Nullable GroupCut record(String name) {
        return membership == null
                        || !membership.hasState()
                        || membership.flush().isFlushing()
                ? null
                : membership.channel().record(name);
    }

    /** True if this node takes no part any more. */
    public boolean isOver() {
        return joining == null && membership == null;
    }

    public void onMessage(NodeId from, GroupMessage message, long at) {
        now = at;
        take(from, message);
        settle();
    }

    private void take(NodeId from, GroupMessage message) {
        if (!(message instanceof InView inView)) {
            message.dispatch(from, incoming);
        } else if (isIn(inView.view())) {
            if (membership().view().rank(from) >= 0) {
                message.dispatch(from, incoming);
            }
        } else if (message instanceof Packet packet
                && (membership == null
                        || packet.view().compareTo(membership.view().id()) > 0)) {
            early.add(from, packet);
        } else if (membership != null && !from.equals(settings.self())) {
            stragglers.tell(from, inView.view(), membership, now);
        }
    }

    /** Notes that an answer of {@link Connectivity} may have changed. */
    public void onConnectivity(long at) {
        now = at;
        if (joining != null) {
            joining.ask(this);
        } else if (membership != null) {
            membership.consider(now);
        }
        settle();
    }

    /** Notes that messages to a peer may have been lost. */
    public void onOutgoingReset(NodeId peer, long at) {
        now = at;
        if (joining != null) {
            joining.ask(this);
        } else if (membership != null) {
            membership.onOutgoingReset(peer, now);
        }
        settle();
    }

    /** Notes that the application has taken all packets of a rank in the view up to this number. */
    public void onConsumed(ViewId view, int rank, long number) {
        if (isIn(view)) {
            membership().channel().onConsumed(rank, number, now);
        }
    }

    /** Notes that the fetched state is restored. */
    public void onStateRestored(ViewId boundary) {
        if (isIn(boundary)) {
            membership().stateRestored();
        }
    }

    /** Notes that the provider cannot give the state. */
    public void onStateLost(ViewId boundary) {
        if (isIn(boundary)) {
            evict("the state of " + boundary + " could not be fetched");
        }
    }

    /**
     * Takes the answer of the agreement.
     *
     * @param higherCounter with a refusal, the counter of the view that stands against it, if that is known
     */
    public void onAgreed(Proposal proposal, boolean primary, long higherCounter, long at) {
        now = at;
        boolean mayRetry = higherCounter >= proposal.view().id().counter();
        highestCounter = Math.max(highestCounter, higherCounter);
        if (membership != null) {
            membership.onAgreed(proposal, primary, mayRetry, now);
        } else if (joining != null) {
            joining.onAgreed(this, proposal.view().id(), primary, mayRetry, now);
        }
        settle();
    }

    /** Begins to leave; {@link GroupEffects#left} follows. */
    public void leave(long at) {
        now = at;
        leaving = true;
        leaveByNanos = at + 2 * settings.electionNanos();
        if (membership == null || membership.view().size() == 1) {
            gone();
        } else {
            membership.sayLeave();
        }
        settle();
    }

    /** Sends queued messages and due acknowledgements; called at the end of each turn in which something happened. */
    public void endTurn(long at) {
        now = at;
        if (membership != null) {
            membership.endTurn(leaving, now);
        }
    }

    public void onTick(long at) {
        now = at;
        lastTickNanos = at;
        if (membership != null && leaving && now >= leaveByNanos) {
            gone();
        } else if (membership != null) {
            if (leaving) {
                membership.sayLeave();
            }
            membership.tick(now);
        } else {
            tickJoining();
        }
        settle();
    }

    /** Time at which {@link #onTick} next has work. */
    public long nextTickNanos() {
        return isOver() ? Long.MAX_VALUE : lastTickNanos + settings.heartbeatNanos();
    }

    /** Throws if an invariant that is written at a field does not hold. */
    public void checkInvariants() {
        Invariants.check(joining == null || membership == null, "joining and a member at once");
        if (membership != null) {
            membership.channel().checkInvariants();
        }
    }

    /** True if a view must not be primary as far as this member knows. */
    public boolean standsAgainst(GroupView view) {
        if (membership == null) {
            return joining != null && joining.from() != null && joining.from().isAhead(view.base());
        }
        return membership.view().isAhead(view.base()) || membership.isLeftOutOf(view);
    }

    private boolean isIn(ViewId view) {
        return membership != null && membership.view().id().equals(view);
    }

    private Membership membership() {
        if (membership == null) {
            throw new IllegalStateException("in no view");
        }
        return membership;
    }

    /** Handles the messages of this member to itself. */
    private void settle() {
        for (GroupMessage message = toSelf.poll(); message != null; message = toSelf.poll()) {
            take(settings.self(), message);
        }
    }

    @Override
    public void send(NodeId to, GroupMessage message) {
        if (to.equals(settings.self())) {
            toSelf.add(message);
        } else {
            effects.send(to, message);
        }
    }

    private void tickJoining() {
        if (joining != null) {
            joining.tick(this, now);
        }
    }

    @Override
    public long highestCounter() {
        return highestCounter;
    }

    @Override
    public ViewId nextViewId(Member coordinator) {
        highestCounter++;
        return new ViewId(highestCounter, coordinator.node(), coordinator.life());
    }

    @Override
    public void found(Joining looking, GroupView view) {
        Next next = new Next(view, List.of(), List.of(), null);
        enter(
                ViewEntry.joiner(looking, next),
                new Install(view.id(), new Attempt(0, settings.self()), List.of(), next));
    }

    private void enter(ViewEntry entry, Install install) {
        GroupView view = entry.next().view();
        highestCounter = Math.max(highestCounter, view.id().counter());
        enteredId = view.id();
        joining = null;
        stragglers.remember(install);
        entry.tell(effects);
        Membership entered = new Membership(settings, connectivity, effects, queue, entry, this, now);
        membership = entered;
        effects.note(GroupEvent.VIEW_INSTALLED);
        early.replay(view, entered::onPacket);
        if (leaving && view.size() == 1) {
            gone();
        } else {
            if (leaving) {
                entered.sayLeave();
            }
            entered.consider(now);
        }
    }

    /** Ends the view as all survivors do, and goes where they go. */
    private void goOn(Membership member, Install install, Trim trim) {
        Next next = trim.next();
        member.channel().end(trim.union(), trim.through());
        if (!next.view().contains(member.self())) {
            evict("was left out of " + next.view().id());
        } else if (next.into() != null
                ? !member.hasState()
                : next.newcomers().containsAll(next.view().members())) {
            evict("nobody goes on that has the state");
        } else if (next.into() != null) {
            boolean merges = settings.options().partitionPolicy() == PartitionPolicy.CONTINUE;
            membership = null;
            stragglers.remember(install);
            look(merges ? member.view() : null, next.view().members());
        } else {
            enter(ViewEntry.survivor(member, install.survivors(), next), install);
        }
    }

    @Override
    public void evict(String reason) {
        if (leaving) {
            gone();
        } else {
            membership = null;
            effects.evicted(reason);
            look(null, List.of());
        }
    }

    private void leftOut(Membership member, Install install) {
        if (install.next().view().primary()) {
            evict("was left out of " + install.next().view().id());
        } else {
            // They have gone away, and may come back; the members that stay are not bound by it.
            install.survivors().forEach(other -> member.onSuspect(other, now));
        }
    }

    /** Looks for the group, as a new member, together with those that have left that view by the same cut. */
    private void look(@Nullable GroupView from, List<Member> together) {
        Member member = new Member(settings.self(), lives.next());
        joining = new Joining(settings, connectivity, effects, member, from, together, now);
        joining.ask(this);
    }

    private void gone() {
        if (isOver()) {
            return;
        }
        Member last = joining == null ? membership().self() : joining.member();
        membership = null;
        joining = null;
        effects.left(last);
    }

    /** Dispatches the messages; those that belong to a view come here only if it is the present one. */
    private final class Incoming implements GroupMessage.Handler {
        @Override
        public void onPacket(NodeId from, Packet packet) {
            membership().onPacket(from, packet);
        }

        @Override
        public void onJoin(NodeId from, Join join) {
            Membership member = membership;
            if (!join.member().node().equals(from)) {
                return;
            }
            highestCounter = Math.max(highestCounter, join.counter());
            if (member == null) {
                send(from, new Presence(joining == null ? null : joining.member(), null));
            } else if (!member.view().contains(join.member())) {
                member.onJoin(from, join, now);
            } else {
                stragglers.tellJoiner(from);
            }
        }

        @Override
        public void onLeave(NodeId from, Leave leave) {
            if (membership != null && leave.member().node().equals(from)) {
                membership.onLeave(leave.member(), now);
            }
        }

        @Override
        public void onPresence(NodeId from, Presence presence) {
            GroupView other = presence.view();
            Member teller = presence.member();
            if (other != null) {
                highestCounter = Math.max(highestCounter, other.id().counter());
            }
            if (joining != null) {
                joining.onPresence(from, presence, now);
            }
            if (other == null || teller == null || membership == null || isIn(other.id())) {
                return;
            }
            membership.onPresence(from, teller, other, stragglers, now);
        }

        @Override
        public void onRefused(NodeId from, Refused refused) {
            if (joining != null && joining.member().equals(refused.member())) {
                effects.evicted("refused by " + from + ": " + refused.reason());
                leaving = true;
                gone();
            }
        }

        @Override
        public void onReceived(NodeId from, Received ack) {
            membership().channel().onReceived(membership().view().rank(from), ack, now);
        }

        @Override
        public void onStable(NodeId from, Stable stable) {
            membership().channel().onStable(membership().view().rank(from), stable);
        }

        @Override
        public void onSuspect(NodeId from, Suspect suspect) {
            membership().onSuspect(suspect.member(), now);
        }

        @Override
        public void onFlush(NodeId from, Flush flush) {
            membership().onFlush(sender(from), flush);
        }

        @Override
        public void onFlushed(NodeId from, Flushed flushed) {
            membership().onFlushed(sender(from), flushed, now);
        }

        @Override
        public void onTrim(NodeId from, Trim trim) {
            membership().onTrim(trim);
        }

        @Override
        public void onTrimmed(NodeId from, Trimmed ack) {
            membership().onTrimmed(sender(from), ack, now);
        }

        private Member sender(NodeId node) {
            return membership().view().member(membership().view().rank(node));
        }

        @Override
        public void onInstall(NodeId from, Install install) {
            Next next = install.next();
            highestCounter = Math.max(highestCounter, next.view().id().counter());
            Membership member = membership;
            if (joining != null) {
                boolean isHigher = enteredId == null || next.view().id().compareTo(enteredId) > 0;
                if (isHigher && next.into() == null && next.view().contains(joining.member())) {
                    enter(ViewEntry.joiner(joining, next), install);
                }
            } else if (member != null && isIn(install.view())) {
                Trim trim = member.flush().trimmed();
                if (!install.survivors().contains(member.self())) {
                    leftOut(member, install);
                } else if (trim == null
                        || !trim.next().view().id().equals(next.view().id())) {
                    evict("has missed how " + member.view().id() + " ended");
                } else {
                    goOn(member, install, trim);
                }
            }
        }
    }
}
