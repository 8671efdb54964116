package io.loggos.multicast.group.core;

import io.loggos.api.NodeId;
import io.loggos.api.group.GroupOptions;
import io.loggos.api.group.PartitionPolicy;
import io.loggos.api.group.ViewId;
import io.loggos.multicast.Connectivity;
import io.loggos.multicast.group.core.channel.ViewChannel;
import io.loggos.multicast.group.core.model.Attempt;
import io.loggos.multicast.group.core.model.GroupEffects;
import io.loggos.multicast.group.core.model.GroupEvent;
import io.loggos.multicast.group.core.model.GroupMessage;
import io.loggos.multicast.group.core.model.GroupMessage.Flush;
import io.loggos.multicast.group.core.model.GroupMessage.Flushed;
import io.loggos.multicast.group.core.model.GroupMessage.Join;
import io.loggos.multicast.group.core.model.GroupMessage.Leave;
import io.loggos.multicast.group.core.model.GroupMessage.Next;
import io.loggos.multicast.group.core.model.GroupMessage.Presence;
import io.loggos.multicast.group.core.model.GroupMessage.Refused;
import io.loggos.multicast.group.core.model.GroupMessage.Suspect;
import io.loggos.multicast.group.core.model.GroupMessage.Trim;
import io.loggos.multicast.group.core.model.GroupMessage.Trimmed;
import io.loggos.multicast.group.core.model.GroupSettings;
import io.loggos.multicast.group.core.model.GroupView;
import io.loggos.multicast.group.core.model.Member;
import io.loggos.multicast.group.core.model.Packet;
import io.loggos.multicast.group.core.model.Proposal;
import io.loggos.multicast.group.core.model.SendQueue;
import io.loggos.multicast.group.core.viewchange.Coordinator;
import io.loggos.multicast.group.core.viewchange.FlushState;
import io.loggos.multicast.group.core.viewchange.NextViewPlan;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A member during one view.
 *
 * <p>It has the channel and the flush that ends the view. While it is the most senior member alive, it also makes the
 * attempts to change the view.
 */
final class Membership implements Coordinator.Host {
    /** Services that a membership needs from its group. */
    interface Host {
        /** Sends to a node, this one included. */
        void send(NodeId to, GroupMessage message);

        /** Ends the membership of this node. */
        void evict(String reason);

        /** An id above all that are known. */
        ViewId nextViewId(Member coordinator);
    }

    private final GroupSettings settings;
    private final Connectivity connectivity;
    private final GroupEffects effects;
    private final Host host;
    private final GroupView view;
    private final Member self;
    /** Members that are given the state as it was when this view began. */
    private final List<Member> newcomers;

    private final ViewChannel channel;
    private final FlushState flush;
    private final NextViewPlan plan;

    /** True if this member's application has the state of the group, or none is needed. */
    private boolean hasState;
    /** Present attempt of this member to change the view; null if it makes none. */
    private @Nullable Coordinator coordinator;
    /** Time since which it has tried, over all its attempts. */
    private long changingSinceNanos;
    /** The highest round of any attempt in this view that is known here. */
    private long highestRound;

    private long presentedNanos;
    private long now;

    Membership(
            GroupSettings settings,
            Connectivity connectivity,
            GroupEffects effects,
            SendQueue queue,
            ViewEntry entry,
            Host host,
            long now) {
        this.settings = settings;
        this.connectivity = connectivity;
        this.effects = effects;
        this.host = host;
        this.now = now;
        view = entry.next().view();
        self = entry.self();
        newcomers = entry.next().newcomers();
        hasState = !newcomers.contains(self);
        channel = new ViewChannel(settings, effects, queue, view, entry.carriedBytes(), now);
        flush = new FlushState(channel, self, host::send);
        plan = new NextViewPlan(settings, connectivity, view, self, now);
    }

    GroupView view() {
        return view;
    }

    Member self() {
        return self;
    }

    boolean hasState() {
        return hasState;
    }

    void stateRestored() {
        hasState = true;
    }

    ViewChannel channel() {
        return channel;
    }

    FlushState flush() {
        return flush;
    }

    /** Returns the message to nodes outside of the view. */
    Presence presence() {
        return new Presence(self, view);
    }

    /** True if a view would be primary beside this one, if this one is primary. */
    boolean isLeftOutOf(GroupView other) {
        Attempt promised = flush.promised();
        return view.primary()
                && !other.contains(self)
                && (promised == null
                        || !promised.coordinator().equals(other.id().coordinator()));
    }

    void endTurn(boolean leaving, long at) {
        now = at;
        boolean maySend = view.primary() || settings.options().partitionPolicy() == PartitionPolicy.CONTINUE;
        channel.endTurn(!leaving && maySend, now);
    }

    void tick(long at) {
        now = at;
        plan.tick(now);
        channel.tick(now);
        int laggard = channel.laggard(now);
        if (laggard >= 0 && !newcomers.contains(view.member(laggard))) {
            effects.note(GroupEvent.SLOW_MEMBER);
            if (view.member(laggard).equals(self)) {
                host.evict("this member has not taken what was delivered to it");
                return;
            }
            view.members().forEach(other -> tell(other, new Suspect(view.id(), view.member(laggard))));
        }
        flush.acknowledgeIfComplete();
        Flushed digest = flush.digest();
        if (digest != null && coordinator == null) {
            tell(plan.mostSenior(), digest);
        }
        tickCoordinator();
        if (now - presentedNanos >= settings.electionNanos() / 2) {
            presentedNanos = now;
            present();
        }
        consider(now);
    }

    /** Announces this view. A node that hears of a view that it does not belong to answers with its own. */
    private void present() {
        if (!plan.isCoordinator()) {
            tell(plan.mostSenior(), presence());
            return;
        }
        for (NodeId node : settings.nodes()) {
            if (!node.equals(settings.self()) && connectivity.connected(node)) {
                effects.send(node, presence());
            }
        }
    }

    private void tickCoordinator() {
        Coordinator running = coordinator;
        if (running != null && running.isOverdue(now)) {
            if (now - changingSinceNanos > 2 * settings.electionNanos()) {
                running.missing().forEach(plan::exclude);
            }
            begin();
        } else if (running != null) {
            running.prompt(now);
        }
    }

    void sayLeave() {
        view.members().forEach(other -> tell(other, new Leave(self)));
    }

    /** Begins or gives up an attempt to change the view, as things are now. */
    void consider(long at) {
        now = at;
        Coordinator running = coordinator;
        if (!plan.isCoordinator()) {
            coordinator = null;
        } else if (running != null) {
            if (!running.survivors().stream().allMatch(plan::isAlive)) {
                begin();
            }
        } else if (flush.isFlushing() || plan.isChangeDue(now)) {
            changingSinceNanos = now;
            begin();
        }
    }

    private void begin() {
        Attempt promised = flush.promised();
        highestRound = Math.max(highestRound, promised == null ? 0 : promised.round()) + 1;
        Coordinator begun = new Coordinator(
                this, view, new Attempt(highestRound, settings.self()), plan.survivors(now), settings, now);
        coordinator = begun;
        effects.note(GroupEvent.VIEW_CHANGE_ATTEMPTED);
        begun.prompt(now);
    }

    @Override
    public void tell(Member member, GroupMessage message) {
        host.send(member.node(), message);
    }

    @Override
    public Next next(Map<Member, Flushed> digests) {
        return plan.next(host.nextViewId(self), digests, now);
    }

    @Override
    public boolean hasMajority() {
        return settings.hasMajority(connectivity);
    }

    @Override
    public void propose(Proposal proposal) {
        effects.propose(proposal);
    }

    @Override
    public void evict(String reason) {
        host.evict(reason);
    }

    void onAgreed(Proposal proposal, boolean primary, boolean mayRetry, long at) {
        now = at;
        if (coordinator != null) {
            coordinator.onAgreed(proposal, primary, mayRetry, now);
        }
    }

    /** Notes that messages to a peer may have been lost. */
    void onOutgoingReset(NodeId peer, long at) {
        now = at;
        int rank = view.rank(peer);
        if (rank >= 0) {
            channel.resend(rank);
        }
        if (coordinator != null) {
            coordinator.prompt(now);
        }
        flush.acknowledgeIfComplete();
    }

    /** Takes a packet of this view. */
    void onPacket(NodeId from, Packet packet) {
        channel.onPacket(from, packet);
        if (flush.isIncomplete()) {
            flush.acknowledgeIfComplete();
        }
    }

    void onJoin(NodeId from, Join join, long at) {
        now = at;
        GroupOptions options = settings.options();
        if (!settings.admits(join)) {
            effects.send(
                    from,
                    new Refused(
                            join.member(),
                            "the group has the policy " + options.partitionPolicy() + ", agreement by "
                                    + options.agreement()
                                    + (settings.isStateful() ? " and" : " and no") + " state"));
            return;
        }
        plan.onJoin(join, now);
        effects.send(from, presence());
        consider(now);
    }

    void onLeave(Member member, long at) {
        plan.onLeave(member);
        consider(at);
    }

    /** Takes the news that a node is in another view. */
    void onPresence(NodeId from, Member teller, GroupView other, Stragglers stragglers, long at) {
        now = at;
        if (!view.contains(teller)) {
            onRival(from, other, stragglers, now);
        } else if (other.id().compareTo(view.id()) < 0) {
            if (stragglers.knowEndOf(other.id())) {
                stragglers.tell(from, other.id(), this, now);
            } else {
                // It was admitted to both views, and has gone to the other.
                onSuspect(teller, now);
            }
        } else if (other.contains(self)) {
            host.send(from, presence());
        } else if (view.isAhead(other.base())) {
            // That view does not come from this one: the teller was admitted to both.
            onSuspect(teller, now);
        } else {
            host.evict("others went on without this member, to " + other.id());
        }
    }

    /** Takes the news that a node outside of this view is in another one. */
    private void onRival(NodeId teller, GroupView other, Stragglers stragglers, long at) {
        for (Member member : view.members()) {
            Member there = other.on(member.node());
            if (there != null && there.isReturnOf(member) && !member.equals(self)) {
                plan.exclude(member);
            }
        }
        if (other.on(self.node()) != null) {
            stragglers.tell(teller, other.id(), this, now);
        }
        if (!other.contains(self)) {
            // Otherwise this member has left it, or has never been there: there is nothing to go back to.
            plan.onRival(teller, other, at);
        }
        consider(at);
    }

    void onSuspect(Member slow, long at) {
        plan.exclude(slow);
        consider(at);
    }

    void onFlush(Member from, Flush message) {
        boolean isRight = from.node().equals(message.attempt().coordinator()) && plan.isMostSenior(from);
        if (isRight) {
            flush.onFlush(message, hasState);
        }
    }

    void onFlushed(Member from, Flushed flushed, long at) {
        now = at;
        boolean higher = flushed.attempt().round() > highestRound;
        highestRound = Math.max(highestRound, flushed.attempt().round());
        Coordinator running = coordinator;
        if (plan.isCoordinator() && (running == null || higher)) {
            // A flush that this member does not know of, or above its own, has to be completed.
            changingSinceNanos = running == null ? now : changingSinceNanos;
            begin();
        } else if (running != null) {
            running.onFlushed(from, flushed, now);
        }
    }

    void onTrim(Trim trim) {
        int size = view.size();
        boolean isSound = trim.union().size() == size
                && trim.through().size() == size
                && trim.digests().size() == trim.survivors().size()
                && trim.digests().stream().allMatch(digest -> digest.size() == size || digest.size() == 0)
                && view.members().containsAll(trim.survivors());
        if (isSound) {
            flush.onTrim(trim);
        }
    }

    void onTrimmed(Member from, Trimmed ack, long at) {
        now = at;
        if (coordinator != null && !coordinator.isOverdue(now)) {
            coordinator.onTrimmed(from, ack);
        }
    }
}
