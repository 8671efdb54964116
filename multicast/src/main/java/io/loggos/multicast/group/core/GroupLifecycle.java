package io.loggos.multicast.group.core;

import io.loggos.api.NodeId;
import io.loggos.api.group.PartitionPolicy;
import io.loggos.api.group.ViewId;
import io.loggos.multicast.Connectivity;
import io.loggos.multicast.Invariants;
import io.loggos.multicast.group.core.channel.OpenReceipts;
import io.loggos.multicast.group.core.model.Attempt;
import io.loggos.multicast.group.core.model.GroupEffects;
import io.loggos.multicast.group.core.model.GroupEvent;
import io.loggos.multicast.group.core.model.GroupMessage;
import io.loggos.multicast.group.core.model.GroupMessage.Absent;
import io.loggos.multicast.group.core.model.GroupMessage.Install;
import io.loggos.multicast.group.core.model.GroupMessage.Next;
import io.loggos.multicast.group.core.model.GroupMessage.Trim;
import io.loggos.multicast.group.core.model.GroupSettings;
import io.loggos.multicast.group.core.model.GroupView;
import io.loggos.multicast.group.core.model.LifeNumbers;
import io.loggos.multicast.group.core.model.Member;
import io.loggos.multicast.group.core.model.Packet;
import io.loggos.multicast.group.core.model.SendQueue;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Phases of a node's part in a group, and the steps between them.
 *
 * <p>The node looks for the group ({@link Joining}). It is a member of one view after the other ({@link Membership}).
 * If it is excluded, it looks again as a new member, until it leaves.
 */
final class GroupLifecycle implements Membership.Host, Joining.Host {
    private final GroupSettings settings;
    private final Connectivity connectivity;
    private final SendQueue queue;
    private final LifeNumbers lives;
    private final GroupEffects effects;
    /** Takes the messages of this member to itself. */
    private final Consumer<GroupMessage> toSelf;

    private final EarlyPackets early;
    private final Stragglers stragglers;
    private final Backoff backoff;
    private final Backlog backlog = new Backlog();

    /** Exactly one of the two is set, until this node has left. */
    private @Nullable Joining joining;

    private @Nullable Membership membership;
    private boolean leaving;
    private long leaveByNanos;
    /** The highest counter of any view that is known here. */
    private long highestCounter;

    private @Nullable ViewId enteredId;
    /** Time since which the present member is one. */
    private long memberSinceNanos;
    /** Time from which this node may look for the group. */
    private long lookFromNanos = Long.MIN_VALUE;
    /** Number of evictions that the application has not yet taken. */
    private int untoldEvictions;

    private long now;

    /** Creates the part of a node that does not look for the group yet. */
    GroupLifecycle(
            GroupSettings settings,
            Connectivity connectivity,
            SendQueue queue,
            LifeNumbers lives,
            GroupEffects effects,
            Consumer<GroupMessage> toSelf) {
        this.settings = settings;
        this.connectivity = connectivity;
        this.queue = queue;
        this.lives = lives;
        this.effects = effects;
        this.toSelf = toSelf;
        this.early = new EarlyPackets(2L * settings.options().windowBytes());
        this.stragglers = new Stragglers(effects, settings.heartbeatNanos());
        this.backoff = new Backoff(settings);
    }

    /** Sets the time of the event that is being handled. */
    void at(long time) {
        now = time;
    }

    /** Time of the event that is being handled. */
    long now() {
        return now;
    }

    /** Search for the group; null unless this node looks for it. */
    @Nullable
    Joining joining() {
        return joining;
    }

    /** Membership in the present view; null if there is none. */
    @Nullable
    Membership membership() {
        return membership;
    }

    /** Nodes that talk in views that are over here. */
    Stragglers stragglers() {
        return stragglers;
    }

    boolean isIn(ViewId view) {
        return membership != null && membership.view().id().equals(view);
    }

    /** True if this node takes no part any more. */
    boolean isOver() {
        return joining == null && membership == null;
    }

    boolean isLeaving() {
        return leaving;
    }

    /**
     * True if the time for leaving with the others' knowledge is over.
     *
     * <p>There is more time if others wait for the state that only this member has.
     */
    boolean isLeaveOverdue() {
        Membership member = membership;
        boolean isKeeper = member != null && member.isKeeper();
        return leaving && now >= leaveByNanos + (isKeeper ? settings.transferNanos() : 0);
    }

    /** The highest life of this node's members that are over; the lowest number while one takes part. */
    long absentThrough() {
        return joining == null ? Long.MIN_VALUE : joining.member().life() - 1;
    }

    /** Notes that the application has taken an eviction and all before it. */
    void evictionTold() {
        untoldEvictions--;
    }

    @Override
    public boolean mayLook() {
        return now >= lookFromNanos && untoldEvictions == 0;
    }

    @Override
    public long waitingBytes() {
        return backlog.bytes();
    }

    @Override
    public long catchUpBytes() {
        return settings.catchUpBytes(backoff.failures());
    }

    /** Notes that the application has taken a packet of a view. */
    void consumedIn(ViewId view) {
        backlog.consumedIn(view);
    }

    /** Begins to look for the group. */
    void start() {
        look(null, List.of());
    }

    /** Keeps a packet of a view that this member may enter later. */
    void keepEarly(NodeId from, Packet packet) {
        early.add(from, packet);
    }

    /** Notes the counter of a view that another node knows of. */
    void hearsOf(long counter) {
        highestCounter = Math.max(highestCounter, counter);
    }

    @Override
    public void send(NodeId to, GroupMessage message) {
        if (to.equals(settings.self())) {
            toSelf.accept(message);
        } else {
            effects.send(to, message);
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
        List<Member> others = view.members().subList(1, view.size());
        Next next = new Next(view, settings.isStateful() ? others : List.of(), List.of(), null);
        // No view ends here. A founder that hears this again must not take it for the end of the first one.
        ViewId none = new ViewId(0, view.id().coordinator(), view.id().life());
        Install install = new Install(none, new Attempt(0, settings.self()), List.of(), next);
        others.forEach(other -> send(other.node(), install));
        enter(ViewEntry.joiner(looking, next), install);
    }

    /** Takes the news how a view ended: enters the next one, if this node belongs there. */
    void onInstall(Install install) {
        Next next = install.next();
        hearsOf(next.view().id().counter());
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

    private void enter(ViewEntry entry, Install install) {
        GroupView view = entry.next().view();
        hearsOf(view.id().counter());
        enteredId = view.id();
        if (joining != null) {
            memberSinceNanos = now;
        }
        joining = null;
        stragglers.remember(install);
        if (entry.isFresh()) {
            backlog.clear();
        }
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
        OpenReceipts receipts = member.channel().receipts();
        receipts.viewEnds(trim);
        member.channel().end(trim.union());
        boolean gave = trim.attempt().equals(install.attempt()) && trim.isReached(member.self());
        receipts.viewEnded(trim, member.channel().sentThrough(), gave);
        backlog.leave(member.view().id(), member.channel().waitingBytes());
        if (!next.view().contains(member.self())) {
            evict("was left out of " + next.view().id());
        } else if (next.into() != null
                ? !member.hasState()
                : next.newcomers().containsAll(next.view().members())) {
            evict("nobody goes on that has the state");
        } else if (next.into() != null) {
            stragglers.remember(install);
            if (settings.options().partitionPolicy() == PartitionPolicy.CONTINUE) {
                membership = null;
                look(member.view(), next.view().members());
            } else {
                end("its view, which was not primary, has ended for "
                        + next.into().id());
            }
        } else {
            enter(ViewEntry.survivor(member, install.survivors(), next), install);
        }
    }

    @Override
    public void evict(String reason) {
        Membership member = membership;
        if (leaving) {
            gone();
        } else if (member != null) {
            long lastedNanos = member.hasState() ? now - memberSinceNanos : 0;
            lookFromNanos = now + backoff.next(member.self().life(), lastedNanos);
            sayAbsent(member.self());
            end(reason);
        }
    }

    /** Ends the membership, and looks for the group as a new member once the application knows. */
    private void end(String reason) {
        endMembership();
        backlog.clear();
        untoldEvictions++;
        effects.evicted(reason);
        look(null, List.of());
    }

    /** Tells all nodes that a member takes part no more, so that no view is kept for it (RULES.md V-19). */
    private void sayAbsent(Member member) {
        for (NodeId node : settings.nodes()) {
            if (!node.equals(settings.self()) && connectivity.connected(node)) {
                effects.send(node, new Absent(member.life()));
            }
        }
    }

    private void endMembership() {
        if (membership != null) {
            membership.channel().receipts().lost();
        }
        membership = null;
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

    /** Begins to leave; a member of a larger view waits until the others know. */
    void leave() {
        leaving = true;
        leaveByNanos = now + 2 * settings.electionNanos();
        if (membership == null || membership.view().size() == 1) {
            gone();
        } else {
            membership.sayLeave();
        }
    }

    /** Leaves for good, since the group does not take this node. */
    void refused(String reason) {
        effects.evicted(reason);
        leaving = true;
        gone();
    }

    /** Ends the part of this node at once. */
    void gone() {
        Member last = joining != null ? joining.member() : membership != null ? membership.self() : null;
        if (last == null) {
            return;
        }
        endMembership();
        joining = null;
        sayAbsent(last);
        effects.left(last);
    }

    void checkInvariants() {
        Invariants.check(joining == null || membership == null, "joining and a member at once");
        if (membership != null) {
            membership.channel().checkInvariants();
        }
    }
}
