package io.loggos.snapshot.core;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.group.View;
import io.loggos.api.snapshot.SnapshotId;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** A snapshot process whose node only notes, in short words, what it is asked for; a test plays the other nodes. */
final class LoneNode implements SnapshotEffects, Channels<NodeId> {
    final SnapshotProcess process;
    private final TreeMap<NodeId, Long> sent = new TreeMap<>();
    private final TreeMap<NodeId, Long> received = new TreeMap<>();
    private final List<String> asked = new ArrayList<>();
    String refusal = "";

    LoneNode(NodeId self) {
        process = new SnapshotProcess(self, 7, this, this);
    }

    /** Requests since the last call. */
    List<String> asked() {
        List<String> all = List.copyOf(asked);
        asked.clear();
        return all;
    }

    /** Delivers the next message of a peer over its link. */
    void receive(NodeId from, SnapshotMessage message) {
        process.onMessage(from, received.merge(from, 1L, Long::sum), Bytes.EMPTY, message);
    }

    /** Delivers the marker of a peer over its link. */
    void receiveMarker(NodeId from, SnapshotId id, View view) {
        long number = received.getOrDefault(from, 0L) + 1;
        receive(from, new SnapshotMessage.Marker(id, view.id(), number));
    }

    /** Delivers a message of another protocol over the link of a peer. */
    void receive(NodeId from) {
        process.onMessage(from, received.merge(from, 1L, Long::sum), Bytes.EMPTY);
    }

    @Override
    public Position sent(NodeId to) {
        return new Position(1, sent.getOrDefault(to, 0L));
    }

    @Override
    public Position received(NodeId from) {
        return new Position(1, received.getOrDefault(from, 0L));
    }

    @Override
    public void send(NodeId to, SnapshotMessage message) {
        sent.merge(to, 1L, Long::sum);
        asked.add(name(message) + " to " + to);
    }

    @Override
    public boolean isMember(NodeId node) {
        return node.value() <= 3;
    }

    @Override
    public void multicast(SnapshotMessage message) {
        asked.add("multicast " + name(message));
    }

    @Override
    public String recordState(SnapshotId id) {
        asked.add("record " + id.number());
        return refusal;
    }

    @Override
    public void write(SnapshotId id, Recording<NodeId, Bytes> recording) {
        asked.add("write " + id.number() + " "
                + recording.incoming().values().stream()
                        .map(channel -> channel.messages().size())
                        .toList());
    }

    @Override
    public void verify(SnapshotId id, View view, SortedMap<NodeId, SnapshotMessage.Recorded> parts) {
        asked.add("verify " + id.number() + " " + parts.keySet());
    }

    @Override
    public void publish(SnapshotId id, Bytes manifest, int retained) {
        asked.add("publish " + id.number() + ", keep " + retained);
    }

    @Override
    public void completed(SnapshotId id) {
        asked.add("completed " + id.number());
    }

    @Override
    public void lost(SnapshotId id, String reason) {
        asked.add("lost " + id.number() + ": " + reason);
    }

    @Override
    public void aborted(SnapshotId id, String reason) {
        asked.add("aborted " + id.number() + ": " + reason);
    }

    @Override
    public void delete(SnapshotId id) {
        asked.add("delete " + id.number());
    }

    @Override
    public void note(String event) {
        asked.add(event);
    }

    private static String name(SnapshotMessage message) {
        String type = message.getClass().getSimpleName() + " " + message.id().number();
        if (message instanceof SnapshotMessage.Refused refused) {
            return type + " (" + refused.reason() + ")";
        }
        return message instanceof SnapshotMessage.Abort abort ? type + " (" + abort.reason() + ")" : type;
    }
}
