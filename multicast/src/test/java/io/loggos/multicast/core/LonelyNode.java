package io.loggos.multicast.core;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.node.TimingOptions;
import io.loggos.api.node.TransportOptions;
import io.loggos.api.spi.WriteMark;
import io.loggos.internal.codec.ByteWriter;
import io.loggos.internal.codec.MalformedException;
import io.loggos.multicast.wire.DataFrame;
import io.loggos.multicast.wire.Frame.Ack;
import io.loggos.multicast.wire.Frame.Heartbeat;
import io.loggos.multicast.wire.Frame.Hello;
import io.loggos.multicast.wire.Frame.Refused;
import io.loggos.multicast.wire.Frame.Welcome;
import io.loggos.multicast.wire.FrameCodec;
import io.loggos.testkit.network.MemoryRoster;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Node 1 of cluster "test", whose peers 2 and 3 are played by the test. Its life is 100, its incarnation 1. */
final class LonelyNode implements Links.Listener {
    static final NodeId N1 = NodeId.of(1);
    static final NodeId N2 = NodeId.of(2);
    static final NodeId N3 = NodeId.of(3);
    static final long HB = 100_000_000L;
    static final long ET = 1_000_000_000L;
    static final TransportOptions SMALL = new TransportOptions(64 << 10, 64 << 10, 128 << 10);

    final MemoryRoster roster = new MemoryRoster(1);
    final Links links;
    /** Requests and reports of the links, one line each. */
    final List<String> events = new ArrayList<>();

    long now;

    LonelyNode() {
        this(null);
    }

    LonelyNode(@Nullable SharedSecret secret) {
        links = new Links(
                "test",
                N1,
                new TreeSet<>(List.of(N2, N3)),
                roster,
                TimingOptions.defaults(),
                SMALL,
                100,
                new SplittableRandom(1),
                secret,
                this);
    }

    static LonelyNode started() {
        LonelyNode node = new LonelyNode();
        node.links.start(0);
        return node;
    }

    /** Lets time pass in steps of what the links ask for. */
    void pass(long nanos) {
        long end = now + nanos;
        while (links.nextTickNanos() <= end) {
            now = Math.max(now, links.nextTickNanos());
            links.onTick(now);
        }
        now = end;
    }

    /** The dial to a peer succeeds; the connection has got its Hello. */
    FakeConnection dialled(NodeId peer) {
        FakeConnection connection = new FakeConnection();
        links.onConnected(peer, connection, now);
        return connection;
    }

    /** The dial succeeds and the peer, in this life, knows nothing of this node. */
    FakeConnection welcomed(NodeId peer, long life) {
        FakeConnection connection = dialled(peer);
        receive(connection, welcome(peer, life, 0, 0));
        return connection;
    }

    /** A peer dials and says Hello. */
    FakeConnection accepted(Hello hello) {
        FakeConnection connection = new FakeConnection();
        links.onAccepted(connection, now);
        receive(connection, FrameCodec.encode(hello));
        return connection;
    }

    void receive(FakeConnection connection, Bytes frame) {
        links.onFrame(connection, frame, now);
        links.flush(now);
        links.checkInvariants();
    }

    static Hello hello(NodeId from, long life, long attempt) {
        return new Hello(1, 1, "test", from, N1, from.value(), life, attempt, WriteMark.NONE);
    }

    static Bytes welcome(NodeId from, long life, long generation, long received) {
        return FrameCodec.encode(new Welcome(1, from, from.value(), life, generation, received, true, WriteMark.NONE));
    }

    static Bytes ack(long generation, long received) {
        return FrameCodec.encode(new Ack(generation, received));
    }

    static Bytes refused(Refused refused) {
        return FrameCodec.encode(refused);
    }

    static Bytes heartbeat(NodeId... hears) {
        TreeSet<NodeId> all = new TreeSet<>(List.of(hears));
        return FrameCodec.encode(new Heartbeat(all, all, 0));
    }

    /** The heartbeat of a peer of whose store so many writes are synced. */
    static Bytes heartbeatAfter(long syncedWrites) {
        return FrameCodec.encode(new Heartbeat(new TreeSet<>(), new TreeSet<>(), syncedWrites));
    }

    static Bytes data(long generation, long first, String... messages) {
        return dataAfter(0, generation, first, messages);
    }

    /** Messages of a peer of whose store so many writes are synced. */
    static Bytes dataAfter(long syncedWrites, long generation, long first, String... messages) {
        DataFrame frame = new DataFrame(generation, first, syncedWrites);
        for (String message : messages) {
            frame.add(Bytes.EMPTY, Bytes.utf8(message));
        }
        ByteWriter out = new ByteWriter(64);
        frame.toPieces().forEach(out::putRaw);
        return out.toBytes();
    }

    /** Queues messages and lets them out. */
    void send(NodeId to, String... messages) {
        for (String message : messages) {
            links.send(to, Bytes.EMPTY, Bytes.utf8(message));
        }
        links.flush(now);
    }

    List<String> takeEvents() {
        List<String> taken = List.copyOf(events);
        events.clear();
        return taken;
    }

    @Override
    public void connect(NodeId peer) {
        events.add("connect " + peer);
    }

    @Override
    public void onMessage(NodeId from, long number, Bytes message) {
        if (message.toUtf8().equals("nonsense")) {
            throw new MalformedException("nonsense");
        }
        events.add(from + " " + number + " " + message.toUtf8());
    }

    @Override
    public void onOutgoingReset(NodeId peer) {
        events.add("outgoing reset " + peer);
    }

    @Override
    public void onIncomingReset(NodeId peer) {
        events.add("incoming reset " + peer);
    }

    @Override
    public void onConnectivityChanged() {}

    @Override
    public void onPeerRefused(NodeId peer, String reason) {
        events.add("refused " + peer + ": " + reason);
    }

    @Override
    public void onFormed() {
        events.add("formed");
    }
}
