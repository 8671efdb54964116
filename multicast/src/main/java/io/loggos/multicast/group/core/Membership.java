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
import io.loggos.multicast.group.core.model.GroupMessage.Restored;
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

        /** Bytes of earlier views that wait for the application. */
        long waitingBytes();

        /** Bytes that may wait for a newcomer, see {@link CatchUp}. */
        long catchUpBytes();
    }

    private final GroupSettings settings;
    private final Connectivity connectivity;
    private final GroupEffects effects;
    private final Host host;
    private final GroupView view;
    private final Member self;
    /** True if this member is given the state as it was when this view began. */
    private final boolean isNewcomer;

    private final ViewChannel channel;
    private final CatchUp catchUp;
    private final FlushState flush;
    private final NextViewPlan plan;
    private final OtherViews otherViews;

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
        isNewcomer = entry.next().newcomers().contains(self);
        hasState = !isNewcomer;
        channel = new ViewChannel(settings, effects, queue, view, entry.carriedBytes(), now);
        catchUp = new CatchUp(settings, channel, hasState, hasState ? entry.catchUpBytes() : host.catchUpBytes());
        flush = new FlushState(channel, self, host::send);
        plan = new NextViewPlan(settings, connectivity, view, entry.next().newcomers(), self, now);
        otherViews = new OtherViews(this, plan, host);
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

    void stateRestored(long at) {
        hasState = true;
        catchUp.stateRestored();
        plan.onRestored(self);
        view.members().forEach(this::sayRestored);
        consider(at);
    }

    private void sayRestored(Member other) {
        if (isNewcomer && hasState && !other.equals(self)) {
            tell(other, new Restored(view.id()));
        }
    }

    /** True if this member wants to leave, and others wait for the state that it alone has. */
    boolean isKeeper() {
        return plan.isKeeper();
    }

    ViewChannel channel() {
        return channel;
    }

    CatchUp catchUp() {
        return catchUp;
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
        if (laggard >= 0) {
            effects.note(GroupEvent.SLOW_MEMBER);
        }
        String reason = catchUp.look(host.waitingBytes());
        if (!reason.isEmpty() || (laggard >= 0 && view.member(laggard).equals(self))) {
            host.evict(reason.isEmpty() ? "this member has not taken its own messages" : reason);
            return;
        }
        if (laggard >= 0) {
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
            sayRestored(plan.mostSenior());
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
            sayRestored(view.member(rank));
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

    void onLeave(NodeId from, Member member, long at) {
        if (view.contains(member)) {
            plan.onLeave(member);
            consider(at);
        } else {
            // It has left already, and learns it by this.
            effects.send(from, presence());
        }
    }

    /** Takes the news that no member of a node up to this life takes part. */
    void onAbsent(NodeId node, long throughLife, long at) {
        plan.onAbsent(node, throughLife);
        consider(at);
    }

    void onRestored(Member newcomer, long at) {
        plan.onRestored(newcomer);
        consider(at);
    }

    /** Takes the news that a node is in another view. */
    void onPresence(NodeId from, Member teller, GroupView other, Stragglers stragglers, long at) {
        now = at;
        otherViews.onPresence(from, teller, other, stragglers, now);
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
        if (channel.isWithin(trim.union())) {
            flush.onTrim(trim);
        } else {
            effects.note(GroupEvent.MESSAGE_OUT_OF_PLACE);
        }
    }

    void onTrimmed(Member from, Trimmed ack, long at) {
        now = at;
        if (coordinator != null && !coordinator.isOverdue(now)) {
            coordinator.onTrimmed(from, ack);
        }
    }
}
