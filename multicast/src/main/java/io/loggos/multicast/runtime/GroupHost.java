package io.loggos.multicast.runtime;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.group.Delivery;
import io.loggos.api.group.Group;
import io.loggos.api.group.GroupId;
import io.loggos.api.group.GroupListener;
import io.loggos.api.group.GroupOptions;
import io.loggos.api.group.Ordering;
import io.loggos.api.group.View;
import io.loggos.api.group.ViewId;
import io.loggos.api.node.TimingOptions;
import io.loggos.api.snapshot.Participant;
import io.loggos.api.snapshot.Recorder;
import io.loggos.api.snapshot.SnapshotException;
import io.loggos.api.spi.Clock;
import io.loggos.api.spi.Meters;
import io.loggos.internal.codec.MalformedException;
import io.loggos.internal.loop.EventLoop;
import io.loggos.internal.user.Lane;
import io.loggos.internal.user.UserCode;
import io.loggos.multicast.core.Links;
import io.loggos.multicast.group.core.GroupProcess;
import io.loggos.multicast.group.core.Groups;
import io.loggos.multicast.group.core.agreement.ViewAgreement;
import io.loggos.multicast.group.core.model.GroupEffects;
import io.loggos.multicast.group.core.model.GroupMessage;
import io.loggos.multicast.group.core.model.GroupSettings;
import io.loggos.multicast.group.core.model.LifeNumbers;
import io.loggos.multicast.group.core.model.Packet;
import io.loggos.multicast.group.core.model.Proposal;
import io.loggos.multicast.group.wire.GroupCodec;
import io.loggos.multicast.group.wire.GroupEnvelope;
import io.loggos.multicast.runtime.node.GroupObserver;
import io.loggos.multicast.runtime.node.RecordedGroups;
import io.loggos.multicast.runtime.node.Restored;
import io.loggos.multicast.runtime.node.StateTransfer;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.SortedSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The groups of a node, as part of the turns of its loop. The loop calls the methods, except where they say otherwise.
 */
public final class GroupHost {
    private static final Logger LOGGER = LoggerFactory.getLogger(GroupHost.class);
    private static final Duration LONGEST_FETCH = Duration.ofMinutes(10);

    /**
     * Objects that the groups of a node share.
     *
     * @param userCode the places of the application's code
     * @param lines the agreement by a replicated log
     * @param restored what is given to the application first
     * @param drain waits until the latch that it is given is counted down
     */
    public record Parts(
            NodeId self,
            SortedSet<NodeId> nodes,
            TimingOptions timing,
            Clock clock,
            LifeNumbers lives,
            Links links,
            EventLoop loop,
            StateTransfer transfer,
            Meters meters,
            UserCode userCode,
            ViewAgreement lines,
            Restored restored,
            Consumer<CountDownLatch> drain) {}

    private final Parts parts;
    private final PeerSender sender;
    private final Groups groups;
    private final OpenGroups openGroups;
    private final NodeViews nodes;
    private final LocalGroup nodesGroup;
    private final Participants participants;
    /** The group that a caller joined last, by name. */
    private final ConcurrentMap<GroupId, LocalGroup> joined = new ConcurrentHashMap<>();

    private GroupObserver observer = GroupObserver.NONE;
    private long now;

    public GroupHost(Parts parts) {
        this.parts = parts;
        this.sender = new PeerSender(parts.self(), parts.links());
        this.groups = new Groups(parts.self(), parts.nodes(), parts.timing(), parts.lives(), sender);
        this.openGroups = new OpenGroups(
                groups, parts.loop(), parts.timing().electionTimeout(), group -> new GroupMember(this, group));
        this.nodes = new NodeViews(parts.self(), parts.userCode());
        Lane lane = parts.userCode().lane(NodeViews.LANE);
        this.nodesGroup = new LocalGroup(
                this, NodeViews.GROUP, NodeViews.OPTIONS, nodes, parts.meters(), lane, true, Restored.NOTHING);
        this.participants = new Participants(parts.userCode(), nodesGroup::isClosed, parts.restored());
    }

    Clock clock() {
        return parts.clock();
    }

    /** Views of the nodes that are up. */
    public NodeViews nodes() {
        return nodes;
    }

    /** Sets the receiver of events that the rest of the node uses. Before the first turn. */
    public void observe(GroupObserver newObserver) {
        observer = newObserver;
    }

    /** Begins: joins the group of all nodes. */
    public void start(long at) {
        now = at;
        openGroups.open(nodesGroup);
    }

    /**
     * Makes this node a member of a group. Any thread.
     *
     * @throws IllegalStateException if it is one already
     */
    public Group join(String name, GroupOptions options, GroupListener listener) {
        LocalGroup group = joined.compute(GroupId.ofName(name), (id, before) -> {
            if (before != null && !before.isClosed()) {
                throw new IllegalStateException("node " + parts.self().value() + " is in group " + name + " already");
            }
            return group(name, options, listener);
        });
        submit(at -> openGroups.open(group), group::abandoned);
        return group;
    }

    private LocalGroup group(String name, GroupOptions options, GroupListener listener) {
        String source = "group-" + name;
        Executor executor = options.executor().orElse(null);
        Lane shared = executor == null ? null : participants.laneOf(executor);
        Lane lane = shared != null
                ? shared
                : executor == null
                        ? parts.userCode().lane(source)
                        : parts.userCode().lane(source, executor);
        return new LocalGroup(this, name, options, listener, parts.meters(), lane, shared == null, parts.restored());
    }

    /**
     * Adds a participant of global snapshots, once it has taken over its restored state. Any thread.
     *
     * @throws IllegalStateException if there is one of this name
     * @throws SnapshotException if it cannot take over its state
     */
    public Participant participant(String name, Recorder recorder) {
        return participants.add(name, recorder);
    }

    /**
     * Sends to all nodes in total order, safe. Never blocks.
     *
     * @throws io.loggos.api.LoggosException if the message cannot be sent now
     */
    public void tellNodes(Bytes message) {
        nodesGroup.multicast(message, Ordering.TOTAL, Delivery.SAFE);
    }

    /**
     * Records the groups and the application as they stand now, for a global snapshot.
     *
     * <p>The part of the application completes the future, on the loop's thread.
     *
     * @throws SnapshotException if a group's view is just changing, or it has none
     */
    public CompletableFuture<RecordedGroups> record() {
        List<GroupMember> recorded = openGroups.members().stream()
                .filter(member -> member.group() != nodesGroup)
                .sorted(Comparator.comparing(member -> member.group().name()))
                .toList();
        GroupsCut.Services services = new GroupsCut.Services(
                parts.loop(), parts.userCode(), parts.timing().electionTimeout().toNanos());
        return GroupsCut.record(recorded, participants.all(), services, now);
    }

    /** Takes a message of a peer on the channel of groups. */
    public void onMessage(NodeId from, Bytes message, long at) throws MalformedException {
        now = at;
        GroupEnvelope envelope = GroupCodec.decode(message);
        GroupMember member = openGroups.member(envelope.group());
        if (member != null) {
            member.hears(envelope.message(), at);
        }
        groups.onMessage(from, envelope.group(), envelope.message(), at);
    }

    public void onConnectivity(long at) {
        now = at;
        groups.onConnectivity(at);
    }

    public void onOutgoingReset(NodeId peer, long at) {
        now = at;
        groups.onOutgoingReset(peer, at);
    }

    /** Does the work that is due, and sends what the events of the turn have made possible. */
    public void endTurn(long at) {
        now = at;
        groups.endTurn(at);
        openGroups.endTurn(at);
        sender.endTurn();
        for (GroupMember member : openGroups.members()) {
            if (member.deliveries().takeAdded()) {
                member.deliveries().publish();
            }
        }
    }

    /** Time at which {@link #endTurn} next has work without any event. */
    public long nextTickNanos() {
        return openGroups.hasOpening() ? Long.MIN_VALUE : groups.nextTickNanos();
    }

    /** Begins to leave all groups. */
    public void close(long at) {
        now = at;
        openGroups.close(at);
    }

    /** Closes all groups for their callers, since the loop will not turn again and nobody may wait for it. */
    public void abandon() {
        joined.values().forEach(LocalGroup::abandoned);
    }

    /** True if this node has left all groups. */
    public boolean isClosed() {
        return openGroups.isClosed();
    }

    /** Makes a member leave; another one takes its place. */
    void replace(GroupMember member, long at) {
        now = at;
        if (!member.isGone()) {
            member.leave(at);
        }
    }

    void left(GroupMember member) {
        openGroups.left(member);
    }

    /** Leaves a group. Any thread. */
    void close(LocalGroup group) {
        submit(
                at -> {
                    GroupMember member = openGroups.member(group);
                    if (member != null) {
                        member.leave(at);
                    } else if (!openGroups.isOpening(group)) {
                        // It waits for its next try, which will find it closed.
                        group.ended();
                    }
                },
                group::abandoned);
    }

    /** Tells the loop that something waits to be sent, where nothing had. Any thread. */
    void hasToSend(LocalGroup group) {
        submit(at -> {
            group.looksAtBuffer();
            touch(group);
        });
    }

    /** Notes that a closed group has no work left. Any thread. */
    void ended(LocalGroup group) {
        joined.remove(group.id(), group);
    }

    void touch(LocalGroup group) {
        GroupMember member = openGroups.member(group);
        if (member != null && !member.isGone()) {
            groups.touch(group.id());
        }
    }

    /** Runs a step on the loop's thread. Any thread. */
    void submit(EventLoop.Step step) {
        submit(step, () -> {});
    }

    /** Runs a step on the loop's thread, or the other action if the loop ends before. Any thread. */
    private void submit(EventLoop.Step step, Runnable whenDropped) {
        EventLoop.Step timed = at -> {
            now = at;
            step.at(at);
        };
        parts.loop().submit(timed.orElse(whenDropped));
    }

    Deliveries deliveries(GroupMember member, LocalGroup group) {
        Recipient recipient = new Recipient(member, group, parts.userCode());
        return new Deliveries(recipient, parts.clock(), parts.loop(), group.lane());
    }

    void later(Duration delay, EventLoop.Step step) {
        parts.loop().later(now + delay.toNanos(), step);
    }

    GroupProcess process(LocalGroup group, GroupEffects effects) {
        GroupSettings settings = new GroupSettings(
                group.id(),
                parts.self(),
                parts.nodes(),
                parts.timing(),
                group.options(),
                parts.links().maxFrameBytes());
        return new GroupProcess(settings, parts.links().connectivity(), group.buffer(), parts.lives(), effects);
    }

    ViewAgreement agreement(LocalGroup group) {
        return group.options().agreement() == GroupOptions.Agreement.LOG ? parts.lines() : groups.majority();
    }

    /** Passes on the answer of the replicated log. */
    public void onAgreed(GroupId group, Proposal proposal, boolean primary, long higherCounter, long at) {
        now = at;
        groups.onAgreed(group, proposal, primary, higherCounter, at);
    }

    StateTransfer transfer() {
        return parts.transfer();
    }

    StateFetch fetch(NodeId provider, ViewId boundary) {
        return new StateFetch(provider, boundary, now + LONGEST_FETCH.toNanos());
    }

    void askLater(GroupMember member, StateFetch fetch) {
        parts.loop().later(now + parts.timing().heartbeatInterval().toNanos(), at -> member.ask(fetch));
    }

    /** Runs a step on the loop's thread once a time has passed. Any thread. */
    void later(long nanos, EventLoop.Step step) {
        submit(at -> parts.loop().later(at + nanos, step));
    }

    /** Completes a caller's future. Any thread. */
    void complete(Runnable completion) {
        parts.userCode().answer(completion);
    }

    boolean isConnected(NodeId node) {
        return parts.links().connectivity().connected(node);
    }

    NodeId self() {
        return parts.self();
    }

    void drain(CountDownLatch done) {
        parts.drain().accept(done);
    }

    long now() {
        return now;
    }

    /** Notes that a group has a new view, or none any more. */
    void entered(LocalGroup group, @Nullable View view) {
        if (group == nodesGroup) {
            observer.nodesEntered(view, now);
        } else {
            observer.viewChanged(group.name(), now);
        }
    }

    void delivered(LocalGroup group, NodeId sender, Packet packet) {
        if (group == nodesGroup) {
            packet.forEachMessage(message -> observer.nodesSaid(sender, message, now));
        }
    }

    void warn(LocalGroup group, String what) {
        LOGGER.warn("node {}, group \"{}\": {}", parts.self().value(), group.name(), what);
    }

    /** Sends a message about a group to a peer. */
    void send(NodeId to, GroupId group, GroupMessage message) {
        sender.send(to, group, message);
    }
}
