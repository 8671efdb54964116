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
import io.loggos.multicast.group.wire.GroupCodec;
import io.loggos.multicast.group.wire.GroupEnvelope;
import io.loggos.multicast.testkit.MemoryRoster;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A node over its lives: links, groups, and the loop that turns them. */
final class SimNode implements Links.Listener {
    final NodeId id;
    final TreeMap<GroupId, SimMember> members = new TreeMap<>();
    private final SimCluster cluster;
    private final MemoryRoster roster;
    private final ArrayDeque<Runnable> inbox = new ArrayDeque<>();
    private long life;
    private int lives;
    private LifeNumbers memberLives = new LifeNumbers(0);
    private @Nullable Links links;
    private @Nullable Groups groups;
    private @Nullable Transport transport;
    private boolean paused;
    private boolean turning;
    private boolean doomed;
    private boolean drowsy;
    private long tickAtNanos = Long.MAX_VALUE;

    SimNode(SimCluster cluster, NodeId id) {
        this.cluster = cluster;
        this.id = id;
        this.roster = new MemoryRoster(id.value());
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
        memberLives = new LifeNumbers(LifeNumbers.ofProcess(life, 0));
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
                this);
        groups = new Groups(id, cluster.ids(), cluster.settings.timing(), this::send);
        transport = cluster.network.attach(id);
        transport.start(new Events());
        turn(() -> links().start(cluster.time.nanos()));
    }

    /** Begins to look for a group, if this node is up and takes no part in it. */
    void join(GroupId group) {
        if (isUp() && !members.containsKey(group)) {
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
        cluster.trace(id, () -> silently ? "loses power" : "crashes");
        if (silently) {
            cluster.network.powerOff(id);
        } else {
            cluster.network.crash(id);
        }
        members.values().forEach(SimMember::crashed);
        members.clear();
        inbox.clear();
        links = null;
        groups = null;
        transport = null;
        tickAtNanos = Long.MAX_VALUE;
        paused = false;
        doomed = false;
        drowsy = false;
        cluster.network.resume(id);
    }

    /** Crashes after the message that it is about to send, so that the rest of the turn does not happen. */
    void crashInTurn() {
        cluster.trace(id, () -> "will crash after this");
        doomed = true;
    }

    /** Is paused at the end of the present turn. */
    void pauseAfterTurn() {
        drowsy = true;
    }

    void pause() {
        if (isUp()) {
            cluster.trace(id, () -> "is paused");
            paused = true;
            cluster.ghosts.values().forEach(ghost -> ghost.primary.pauses(id));
            cluster.network.pause(id);
        }
    }

    void resume() {
        if (!paused) {
            return;
        }
        cluster.trace(id, () -> "goes on");
        paused = false;
        cluster.network.resume(id);
        while (!inbox.isEmpty() && isUp() && !paused) {
            turn(inbox.remove());
        }
        turn(() -> {});
    }

    boolean isPaused() {
        return paused;
    }

    boolean isDoomed() {
        return doomed;
    }

    /** One turn of the loop: an event, what is due, and everything out. */
    void turn(Runnable event) {
        Links present = links;
        if (present == null) {
            return;
        }
        if (paused) {
            inbox.add(event);
            return;
        }
        if (turning) {
            throw new IllegalStateException("a turn within a turn");
        }
        turning = true;
        long now = cluster.time.nanos();
        try {
            new ArrayList<>(members.values()).forEach(SimMember::turnBegins);
            event.run();
            if (present.nextTickNanos() <= now) {
                present.onTick(now);
            }
            groups().endTurn(now);
            present.flush(now);
            new ArrayList<>(members.values()).forEach(SimMember::turnEnds);
        } finally {
            turning = false;
        }
        cluster.turned();
        if (doomed) {
            crash(cluster.random.nextBoolean());
        } else if (drowsy) {
            drowsy = false;
            pause();
        } else {
            schedule(present, Math.min(present.nextTickNanos(), groups().nextTickNanos()));
        }
    }

    private void schedule(Links present, long next) {
        if (next < tickAtNanos || tickAtNanos <= cluster.time.nanos()) {
            tickAtNanos = next;
            cluster.time.at(next, () -> {
                if (tickAtNanos == next && links == present) {
                    tickAtNanos = Long.MAX_VALUE;
                    if (!paused) {
                        turn(() -> {});
                    }
                }
            });
        }
    }

    /** What the groups send; the trap may spring here, and then the rest of the turn does not happen. */
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

    private final class Events implements Transport.Listener {
        @Override
        public void connected(NodeId peer, Transport.Connection connection) {
            turn(() -> links().onConnected(peer, connection, cluster.time.nanos()));
        }

        @Override
        public void connectFailed(NodeId peer, String reason) {
            turn(() -> links().onConnectFailed(peer, reason, cluster.time.nanos()));
        }

        @Override
        public void accepted(Transport.Connection connection) {
            turn(() -> links().onAccepted(connection, cluster.time.nanos()));
        }

        @Override
        public void received(Transport.Connection connection, Bytes frame) {
            turn(() -> links().onFrame(connection, frame, cluster.time.nanos()));
        }

        @Override
        public void closed(Transport.Connection connection, String reason) {
            turn(() -> links().onClosed(connection, reason, cluster.time.nanos()));
        }

        @Override
        public @Nullable Bytes requested(Bytes request) {
            return null;
        }
    }
}
