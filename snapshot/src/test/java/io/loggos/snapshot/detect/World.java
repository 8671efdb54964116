package io.loggos.snapshot.detect;

import io.loggos.api.Bytes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** A small computation: some nodes with FIFO channels between each two, and from each to itself. */
abstract class World {
    /** A message on a channel; number 0 is a marker. */
    record Sent(long number, Bytes message) {
        static final Sent MARKER = new Sent(0, Bytes.EMPTY);
    }

    final int nodes;
    private final List<ArrayDeque<Sent>> channels = new ArrayList<>();
    private final long[] sent;

    World(int nodes) {
        this.nodes = nodes;
        this.sent = new long[nodes];
        for (int i = 0; i < nodes * nodes; i++) {
            channels.add(new ArrayDeque<>());
        }
    }

    /** Copies the channels; a subclass copies the rest. */
    World(World other) {
        this.nodes = other.nodes;
        this.sent = other.sent.clone();
        other.channels.forEach(channel -> channels.add(new ArrayDeque<>(channel)));
    }

    /** Lets a node do something by itself, or nothing. */
    abstract void step(int node, Random random);

    abstract void receive(int node, int from, String message);

    /** State that a node records. */
    abstract Bytes state(int node);

    /** Facts of the property that are true at this moment, known from the whole. */
    abstract Set<String> facts();

    final void send(int from, int to, String message) {
        channel(from, to).add(new Sent(++sent[from], Bytes.utf8(message)));
    }

    final ArrayDeque<Sent> channel(int from, int to) {
        return channels.get(from * nodes + to);
    }

    /** Number of messages that a node has sent. */
    final long sentBy(int node) {
        return sent[node];
    }

    /** Delivers all messages in flight, and those sent in reaction, without any step. */
    final void drain() {
        boolean moved = true;
        while (moved) {
            moved = false;
            for (int from = 0; from < nodes; from++) {
                for (int to = 0; to < nodes; to++) {
                    Sent next = channel(from, to).poll();
                    if (next != null) {
                        moved = true;
                        if (next.number() > 0) {
                            receive(to, from, next.message().toUtf8());
                        }
                    }
                }
            }
        }
    }
}
