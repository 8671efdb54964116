package io.loggos.multicast.group.sim;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.group.GroupId;
import io.loggos.api.spi.Transport;
import io.loggos.multicast.core.Links;
import io.loggos.multicast.group.core.Groups;
import io.loggos.multicast.group.core.model.GroupMessage;
import io.loggos.multicast.group.core.model.GroupMessage.Agreed;
import io.loggos.multicast.group.core.model.LifeNumbers;
import io.loggos.multicast.group.core.model.Packet;
import io.loggos.multicast.group.sim.predicate.Life;
import io.loggos.multicast.group.wire.GroupCodec;
import io.loggos.multicast.group.wire.GroupEnvelope;
import io.loggos.multicast.testkit.LinkEvents;
import io.loggos.testkit.network.MemoryRoster;
import io.loggos.testkit.sim.TurnLoop;
import java.util.ArrayList;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A node over its lives: links, groups, and the loop that turns them. */
final class SimNode implements Links.Listener, TurnLoop.Body {
    final NodeId id;
    final TreeMap<GroupId, SimMember> members = new TreeMap<>();
    /** Groups that this node has left for good. */
    final TreeSet<GroupId> done = new TreeSet<>();

    private final SimCluster cluster;
    private final MemoryRoster roster;
    private long life;
    private int lives;
    private LifeNumbers memberLives = new LifeNumbers(0);
    private @Nullable Links links;
    private @Nullable Groups groups;
    private @Nullable Transport transport;
    private TurnLoop loop;
    private boolean doomed;
    private boolean drowsy;
    private boolean leaves;
    private long transferSlowness = 1;
    private boolean failsToRestore;

    SimNode(SimCluster cluster, NodeId id) {
        this.cluster = cluster;
        this.id = id;
        this.roster = new MemoryRoster(id.value());
        this.loop = new TurnLoop(cluster, id, this);
    }

    boolean isUp() {
        return links != null;
    }

    long life() {
        return life;
    }

    LifeNumbers memberLives() {
        return memberLives;
    }

    Links links() {
        if (links == null) {
            throw new IllegalStateException(id + " does not run");
        }
        return links;
    }

    Groups groups() {
        if (groups == null) {
            throw new IllegalStateException(id + " does not run");
        }
        return groups;
    }

    void start() {
        TreeSet<NodeId> peers = new TreeSet<>(cluster.ids());
        peers.remove(id);
        life++;
        loop = new TurnLoop(cluster, id, this);
        memberLives = new LifeNumbers(LifeNumbers.ofProcess(life, 0, 0));
        cluster.trace(id, () -> "starts");
        links = new Links(
                "test",
                id,
                peers,
                roster,
                cluster.settings.timing(),
                cluster.settings.transport(),
                life,
                cluster.random,
                null,
                this);
        groups = new Groups(id, cluster.ids(), cluster.settings.timing(), memberLives, this::send);
        transport = cluster.network.attach(id);
        transport.start(new LinkEvents(cluster.time, loop, links()));
        turn(() -> links().start(cluster.time.nanos()));
    }

    /** Begins to look for a group, if this node is up and takes no part in it. */
    void join(GroupId group) {
        if (isUp() && !members.containsKey(group) && !done.contains(group)) {
            turn(() -> {
                if (!members.containsKey(group)) {
                    SimMember member = new SimMember(cluster, this, group, new Life(id, ++lives));
                    members.put(group, member);
                    groups().open(group, member.process, cluster.time.nanos());
                }
            });
        }
    }

    void left(SimMember member) {
        members.remove(member.group, member);
        groups().close(member.group);
    }

    /** @param silently whether the others see nothing of it */
    void crash(boolean silently) {
        if (!isUp()) {
            return;
        }
        loop.crash(silently);
        members.values().forEach(SimMember::crashed);
        if (cluster.settings.byLog()) {
            // A log waits for a member that crashes and never comes back.
            done.removeAll(members.keySet());
        }
        members.clear();
        links = null;
        groups = null;
        transport = null;
        doomed = false;
        drowsy = false;
        leaves = false;
    }

    /** Lets the node start again before anybody has missed it. */
    void restart() {
        crash(true);
        start();
    }

    /** Lets all members leave at the end of the present turn. */
    void leaveAfterTurn() {
        leaves = true;
    }

    /** Crashes after the message that it is about to send, so that the rest of the turn does not happen. */
    void crashInTurn() {
        cluster.trace(id, () -> "will crash after this");
        doomed = true;
    }

    /** Pauses at the end of the present turn. */
    void pauseAfterTurn() {
        drowsy = true;
    }

    void pause() {
        if (isUp()) {
            cluster.ghosts.values().forEach(ghost -> ghost.primary.pauses(id));
            loop.pause();
        }
    }

    void resume() {
        loop.resume();
    }

    boolean isPaused() {
        return loop.isPaused();
    }

    /** Factor by which the transfer of a state to this node takes longer. */
    long transferSlowness() {
        return transferSlowness;
    }

    void slowTransfers(long times) {
        transferSlowness = times;
    }

    /** True while this node can restore no state. */
    boolean failsToRestore() {
        return failsToRestore;
    }

    void failRestores(boolean fail) {
        failsToRestore = fail;
    }

    boolean isDoomed() {
        return doomed;
    }

    void turn(Runnable event) {
        if (isUp()) {
            loop.turn(event);
        }
    }

    @Override
    public void runTurn(Runnable event) {
        long now = cluster.time.nanos();
        new ArrayList<>(members.values()).forEach(SimMember::turnBegins);
        event.run();
        if (links().nextTickNanos() <= now) {
            links().onTick(now);
        }
        groups().endTurn(now);
        links().flush(now);
        new ArrayList<>(members.values()).forEach(SimMember::turnEnds);
        if (doomed) {
            crash(cluster.random.nextBoolean());
        } else if (drowsy) {
            drowsy = false;
            pause();
        } else if (leaves) {
            leaves = false;
            members.values().forEach(member -> cluster.time.after(0, member::leaveIfThere));
        }
    }

    @Override
    public long nextTickNanos() {
        return Math.min(links().nextTickNanos(), groups().nextTickNanos());
    }

    /** Sends a message of a group; the trap may spring here, and then the rest of the turn does not happen. */
    void send(NodeId to, GroupId group, GroupMessage message) {
        if (doomed) {
            return;
        }
        cluster.springTrap(this, message);
        if (message instanceof Agreed answer && answer.granted()) {
            cluster.ghost(group).primary.granted(answer.proposal().view().id(), id, life);
        }
        cluster.trace(id, () -> "to " + to + ": " + message);
        GroupCodec.Encoded encoded = GroupCodec.encode(id, group, message);
        links().send(to, encoded.head(), encoded.body());
    }

    @Override
    public void connect(NodeId peer) {
        if (transport != null) {
            transport.connect(peer);
        }
    }

    @Override
    public void onMessage(NodeId from, long number, Bytes bytes) {
        if (doomed) {
            return;
        }
        GroupEnvelope about = GroupCodec.decode(bytes);
        if (about.message() instanceof Packet packet) {
            cluster.ghost(about.group()).stability.received(id, packet.view(), packet.origin(), packet.number());
        }
        groups().onMessage(from, about.group(), about.message(), cluster.time.nanos());
    }

    @Override
    public void onOutgoingReset(NodeId peer) {
        groups().onOutgoingReset(peer, cluster.time.nanos());
    }

    @Override
    public void onIncomingReset(NodeId peer) {}

    @Override
    public void onConnectivityChanged() {
        groups().onConnectivity(cluster.time.nanos());
    }

    @Override
    public void onPeerRefused(NodeId peer, String reason) {
        cluster.note("link refused");
    }

    @Override
    public void onFormed() {}
}
