package io.loggos.multicast.core;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.internal.codec.ByteReader;
import io.loggos.internal.codec.ByteWriter;
import java.util.TreeMap;

/**
 * Checks each delivery against the promise of a link.
 *
 * <p>Within a generation the messages come in order, each once, none left out. A generation goes from one process to
 * one process, and both were told of it.
 */
final class LinkOracle {
    private record Generation(NodeId from, NodeId to, long life, long number) implements Comparable<Generation> {
        @Override
        public int compareTo(Generation other) {
            int order = from.compareTo(other.from);
            order = order != 0 ? order : to.compareTo(other.to);
            order = order != 0 ? order : Long.compare(life, other.life);
            return order != 0 ? order : Long.compare(number, other.number);
        }
    }

    private record End(NodeId from, NodeId to, long receiverLife) implements Comparable<End> {
        @Override
        public int compareTo(End other) {
            int order = from.compareTo(other.from);
            order = order != 0 ? order : to.compareTo(other.to);
            return order != 0 ? order : Long.compare(receiverLife, other.receiverLife);
        }
    }

    private static final class Progress {
        Generation generation;
        long received;
    }

    /** The generations that their sender was told of, and the receiver's life that had messages of them. */
    private final TreeMap<Generation, Long> begun = new TreeMap<>();

    private final TreeMap<End, Progress> ends = new TreeMap<>();
    private long delivered;
    private long resets;

    /** Returns the next message of a sender; the size makes windows and buffers matter. */
    static Bytes body(long life, LinkStatus link, int padding) {
        return new ByteWriter(24 + padding)
                .putLong(life)
                .putLong(link.generation())
                .putLong(link.queued() + 1)
                .putRaw(Bytes.wrap(new byte[padding]))
                .toBytes();
    }

    long delivered() {
        return delivered;
    }

    long resets() {
        return resets;
    }

    void outgoingReset(NodeId from, NodeId to, long life, long generation) {
        if (begun.put(new Generation(from, to, life, generation), 0L) != null) {
            throw new AssertionError("generation " + generation + " of " + from + "→" + to + " begins twice");
        }
    }

    void incomingReset(NodeId from, NodeId to, long receiverLife) {
        Progress progress = progress(from, to, receiverLife);
        progress.generation = null;
        progress.received = 0;
        resets++;
    }

    void delivered(NodeId from, NodeId to, long receiverLife, long number, Bytes message) {
        ByteReader in = new ByteReader(message);
        Generation generation = new Generation(from, to, in.getLong(), in.getLong());
        long sentAs = in.getLong();
        Progress progress = progress(from, to, receiverLife);
        if (progress.generation == null) {
            Long owner = begun.get(generation);
            require(owner != null, "the sender was not told of " + generation);
            require(owner == 0 || owner == receiverLife, "two lives received " + generation);
            require(progress.received == 0, "no reset before " + generation);
            begun.put(generation, receiverLife);
            progress.generation = generation;
        }
        require(generation.equals(progress.generation), generation + " without a reset in " + progress.generation);
        require(number == sentAs, "message " + sentAs + " came as " + number + " in " + generation);
        require(number == progress.received + 1, number + " came after " + progress.received + " in " + generation);
        progress.received = number;
        delivered++;
    }

    private Progress progress(NodeId from, NodeId to, long receiverLife) {
        return ends.computeIfAbsent(new End(from, to, receiverLife), key -> {
            Progress none = new Progress();
            none.received = -1;
            return none;
        });
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
