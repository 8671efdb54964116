package io.loggos.multicast.group.core;

import io.loggos.api.NodeId;
import io.loggos.api.group.GroupId;
import io.loggos.api.node.TimingOptions;
import io.loggos.internal.codec.MalformedException;
import io.loggos.multicast.group.core.agreement.MajorityAgreement;
import io.loggos.multicast.group.core.agreement.ViewAgreement;
import io.loggos.multicast.group.core.model.GroupMessage;
import io.loggos.multicast.group.core.model.GroupMessage.Absent;
import io.loggos.multicast.group.core.model.GroupMessage.Agree;
import io.loggos.multicast.group.core.model.GroupMessage.Agreed;
import io.loggos.multicast.group.core.model.GroupMessage.InView;
import io.loggos.multicast.group.core.model.GroupMessage.Install;
import io.loggos.multicast.group.core.model.GroupMessage.Join;
import io.loggos.multicast.group.core.model.GroupMessage.Leave;
import io.loggos.multicast.group.core.model.GroupMessage.Presence;
import io.loggos.multicast.group.core.model.GroupView;
import io.loggos.multicast.group.core.model.LifeNumbers;
import io.loggos.multicast.group.core.model.Member;
import io.loggos.multicast.group.core.model.Proposal;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The groups of one node, and its duties for groups that it has not joined.
 *
 * <p>It answers nodes that look for such a group, and grants primary views.
 */
public final class Groups implements MajorityAgreement.Host {
    /** Sends a message about a group to a peer. */
    @FunctionalInterface
    public interface Sender {
        public void send(NodeId to, GroupId group, GroupMessage message);
    }

    private final NodeId self;
    private final LifeNumbers lives;
    private final Sender sender;
    private final MessageRules rules;
    private final MajorityAgreement majority;
    private final TreeMap<GroupId, GroupProcess> processes = new TreeMap<>();
    /** Groups that something has happened to in this turn. */
    private final TreeSet<GroupId> touched = new TreeSet<>();

    private final TreeSet<GroupId> due = new TreeSet<>();
    /** Nodes that were told in this turn, for a group, that they presume a member that is none. */
    private final TreeMap<NodeId, TreeSet<GroupId>> answered = new TreeMap<>();

    private long now;

    /** @param lives the numbers that this node's members of all groups are given */
    public Groups(NodeId self, SortedSet<NodeId> nodes, TimingOptions timing, LifeNumbers lives, Sender sender) {
        this.self = self;
        this.lives = lives;
        this.sender = sender;
        this.rules = new MessageRules(nodes);
        this.majority = new MajorityAgreement(self, nodes, timing, this);
    }

    /** The agreement by a majority of the nodes, as seen from this one. */
    public ViewAgreement majority() {
        return majority;
    }

    /** Adds a group and starts it. */
    public void open(GroupId group, GroupProcess process, long at) {
        now = at;
        if (processes.putIfAbsent(group, process) != null) {
            throw new IllegalStateException(group + " is open");
        }
        process.start(at);
        touched.add(group);
    }

    /** Forgets a group. */
    public void close(GroupId group) {
        processes.remove(group);
        touched.remove(group);
    }

    /** Makes the turn of a group end with this turn. */
    public void touch(GroupId group) {
        touched.add(group);
    }

    /**
     * Takes a message of a peer. One that names nodes that are no members here has no effect.
     *
     * @throws MalformedException if it breaks a rule that every message keeps; then nothing has changed
     */
    public void onMessage(NodeId from, GroupId group, GroupMessage message, long at) {
        now = at;
        GroupProcess process = processes.get(group);
        String broken = rules.broken(from, message, process == null ? null : process.view());
        if (broken != null) {
            throw new MalformedException(message.getClass().getSimpleName() + " of " + from + ": " + broken);
        }
        if (rules.namesStranger()) {
            return;
        }
        answerIfAbsent(from, group, process, message);
        if (message instanceof Presence presence) {
            majority.onPresence(group, presence.view());
        } else if (message instanceof Absent absent) {
            majority.onAbsent(group, from, absent.throughLife());
        } else if (message instanceof Join join) {
            majority.onAbsent(group, from, join.member().life() - 1);
        }
        if (message instanceof Agree agree) {
            send(from, group, majority.grant(group, agree.proposal()));
        } else if (message instanceof Agreed answer) {
            majority.onAgreed(from, group, answer);
        } else if (process == null && message instanceof Join) {
            send(from, group, new Presence(null, null));
        } else if (process != null) {
            process.onMessage(from, message, at);
            touched.add(group);
        }
    }

    /** Tells a node that presumes a member of this one that there is none (RULES.md V-19). */
    private void answerIfAbsent(NodeId from, GroupId group, @Nullable GroupProcess process, GroupMessage message) {
        long through = absentThrough(group);
        GroupView view = message instanceof Presence presence
                ? presence.view()
                : message instanceof Install install ? install.next().view() : null;
        Member presumed = view == null ? null : view.on(self);
        boolean presumes = message instanceof InView
                || message instanceof Leave
                || (presumed != null && (process == null || presumed.life() <= through));
        if (presumes
                && through > Long.MIN_VALUE
                && answered.computeIfAbsent(from, key -> new TreeSet<>()).add(group)) {
            // After the clock was set back, a dead member may have a higher life than any of this start.
            send(from, group, new Absent(presumed == null ? through : Math.max(through, presumed.life())));
        }
    }

    public void onConnectivity(long at) {
        now = at;
        List.copyOf(processes.values()).forEach(process -> process.onConnectivity(at));
        touched.addAll(processes.keySet());
    }

    public void onOutgoingReset(NodeId peer, long at) {
        now = at;
        List.copyOf(processes.values()).forEach(process -> process.onOutgoingReset(peer, at));
        touched.addAll(processes.keySet());
    }

    /** Ticks what is due, and ends the turn of every group that something happened to. */
    public void endTurn(long at) {
        now = at;
        processes.forEach((group, process) -> {
            if (at >= process.nextTickNanos()) {
                due.add(group);
            }
        });
        for (GroupId group = due.pollFirst(); group != null; group = due.pollFirst()) {
            GroupProcess process = processes.get(group);
            if (process != null) {
                majority.onPresence(group, process.view());
                process.onTick(at);
                touched.add(group);
            }
        }
        answered.clear();
        for (GroupId group = touched.pollFirst(); group != null; group = touched.pollFirst()) {
            GroupProcess process = processes.get(group);
            if (process != null) {
                process.endTurn(at);
            }
        }
    }

    /** Time at which {@link #endTurn} next has work without any event. */
    public long nextTickNanos() {
        long next = touched.isEmpty() ? Long.MAX_VALUE : Long.MIN_VALUE;
        for (GroupProcess process : processes.values()) {
            next = Math.min(next, process.nextTickNanos());
        }
        return next;
    }

    @Override
    public long now() {
        return now;
    }

    @Override
    public void send(NodeId to, GroupId group, GroupMessage message) {
        sender.send(to, group, message);
    }

    @Override
    public long absentThrough(GroupId group) {
        GroupProcess process = processes.get(group);
        return process == null ? lives.last() : process.absentThrough();
    }

    @Override
    public boolean standsAgainst(GroupId group, GroupView view) {
        GroupProcess process = processes.get(group);
        return process != null && process.standsAgainst(view);
    }

    /** Passes on an answer of the agreement about a group, see {@link GroupProcess#onAgreed}. */
    @Override
    public void onAgreed(GroupId group, Proposal proposal, boolean primary, long higherCounter, long at) {
        now = at;
        GroupProcess process = processes.get(group);
        if (process != null) {
            process.onAgreed(proposal, primary, higherCounter, now);
            touched.add(group);
        }
    }
}
