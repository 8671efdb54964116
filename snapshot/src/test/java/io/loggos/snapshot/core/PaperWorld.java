package io.loggos.snapshot.core;

import io.loggos.api.NodeId;
import io.loggos.api.snapshot.SnapshotId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Processes, each with a FIFO channel to each other, as in the paper; a test decides each step. */
final class PaperWorld {
    private record Item(long number, @Nullable SnapshotId marker, String text) {}

    private record Part(SnapshotId id, NodeId process) implements Comparable<Part> {
        @Override
        public int compareTo(Part other) {
            int order = id.compareTo(other.id);
            return order == 0 ? process.compareTo(other.process) : order;
        }
    }

    /** Content of a channel, and the numbers at its ends. */
    private static final class Fifo {
        final ArrayDeque<Item> items = new ArrayDeque<>();
        long sent;
        long received;
        boolean broken;
    }

    private final class Process implements Channels<NodeId>, ChandyLamport.Effects<NodeId, String> {
        final NodeId self;
        final ChandyLamport<NodeId, String> algorithm = new ChandyLamport<>(this, this);
        String state = "";

        Process(NodeId self) {
            this.self = self;
        }

        @Override
        public Position sent(NodeId to) {
            return new Position(1, fifo(self, to).sent);
        }

        @Override
        public Position received(NodeId from) {
            return new Position(1, fifo(from, self).received);
        }

        @Override
        public String recordState(SnapshotId id) {
            states.put(new Part(id, self), state);
            atRecord.run();
            return refusal;
        }

        @Override
        public void sendMarker(NodeId to, SnapshotId id, long number) {
            put(self, to, id, "");
        }

        @Override
        public void recorded(SnapshotId id, Recording<NodeId, String> recording) {
            recordings.put(new Part(id, self), recording);
        }

        @Override
        public void damaged(SnapshotId id, String reason) {
            damages.add(self + ": " + reason);
        }
    }

    final List<String> damages = new ArrayList<>();
    String refusal = "";
    /** Action of a process at the time when it records its state. */
    Runnable atRecord = () -> {};

    private final TreeMap<NodeId, Process> processes = new TreeMap<>();
    private final TreeMap<NodeId, TreeMap<NodeId, Fifo>> channels = new TreeMap<>();
    private final TreeMap<Part, String> states = new TreeMap<>();
    private final TreeMap<Part, Recording<NodeId, String>> recordings = new TreeMap<>();
    private long lastNumber;

    PaperWorld(NodeId... ids) {
        for (NodeId id : ids) {
            processes.put(id, new Process(id));
        }
    }

    void state(NodeId process, String state) {
        process(process).state = state;
    }

    String state(NodeId process) {
        return process(process).state;
    }

    void send(NodeId from, NodeId to, String message) {
        put(from, to, null, message);
    }

    SnapshotId begin(NodeId initiator) {
        SnapshotId id = new SnapshotId(initiator, 0, ++lastNumber);
        begin(id);
        return id;
    }

    void begin(SnapshotId id) {
        process(id.initiator()).algorithm.begin(id, others(id.initiator()));
    }

    /** Delivers the oldest item of a channel; returns it if it is a message, and an empty text if it is a marker. */
    String deliver(NodeId from, NodeId to) {
        Fifo fifo = fifo(from, to);
        Item item = fifo.items.remove();
        fifo.received = item.number();
        ChandyLamport<NodeId, String> algorithm = process(to).algorithm;
        algorithm.onMessage(from, item.number(), item.text(), item.marker());
        SnapshotId id = item.marker();
        if (id != null) {
            algorithm.onMarker(from, id, item.number(), !states.containsKey(new Part(id, to)), others(to));
        }
        return item.text();
    }

    /** Delivers the content of the channels, one item of each at a time, until they are empty. */
    void deliverAll() {
        boolean any = true;
        while (any) {
            any = false;
            for (NodeId from : processes.keySet()) {
                for (NodeId to : processes.keySet()) {
                    if (!from.equals(to) && !fifo(from, to).items.isEmpty()) {
                        deliver(from, to);
                        any = true;
                    }
                }
            }
        }
    }

    /** Makes the channel lose its oldest item. */
    void lose(NodeId from, NodeId to) {
        fifo(from, to).items.removeFirst();
    }

    /** Breaks the channel: nothing can be sent on it. */
    void breakDown(NodeId from, NodeId to) {
        fifo(from, to).broken = true;
    }

    /** Content of a channel: messages, and markers as "◆" with the number of their snapshot. */
    List<String> inChannel(NodeId from, NodeId to) {
        return fifo(from, to).items.stream().map(PaperWorld::name).toList();
    }

    String recordedState(SnapshotId id, NodeId process) {
        return states.getOrDefault(new Part(id, process), "none");
    }

    boolean isRecorded(SnapshotId id, NodeId process) {
        return recordings.containsKey(new Part(id, process));
    }

    boolean isRecorded(SnapshotId id) {
        return processes.keySet().stream().allMatch(process -> isRecorded(id, process));
    }

    List<String> recordedChannel(SnapshotId id, NodeId from, NodeId to) {
        Recording<NodeId, String> recording = recordings.get(new Part(id, to));
        Channel<String> channel =
                recording == null ? null : recording.incoming().get(from);
        if (channel == null) {
            throw new IllegalStateException(to + " has not recorded " + from + " in " + id);
        }
        // The recorded messages are numbered from after the last one received up to the marker.
        if (channel.first() + channel.messages().size() != channel.marker()) {
            throw new IllegalStateException("numbers of " + from + "→" + to);
        }
        return channel.messages();
    }

    boolean isRecording(NodeId process) {
        return process(process).algorithm.isRecording();
    }

    private static String name(Item item) {
        SnapshotId marker = item.marker();
        return marker == null ? item.text() : "◆" + marker.number();
    }

    private void put(NodeId from, NodeId to, @Nullable SnapshotId marker, String text) {
        Fifo fifo = fifo(from, to);
        if (!fifo.broken) {
            fifo.items.add(new Item(++fifo.sent, marker, text));
        }
    }

    private Fifo fifo(NodeId from, NodeId to) {
        return channels.computeIfAbsent(from, key -> new TreeMap<>()).computeIfAbsent(to, key -> new Fifo());
    }

    private Process process(NodeId id) {
        Process process = processes.get(id);
        if (process == null) {
            throw new IllegalArgumentException("no " + id);
        }
        return process;
    }

    private SortedSet<NodeId> others(NodeId self) {
        TreeSet<NodeId> others = new TreeSet<>(processes.keySet());
        others.remove(self);
        return others;
    }
}
