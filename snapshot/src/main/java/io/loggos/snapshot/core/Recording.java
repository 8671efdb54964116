package io.loggos.snapshot.core;

import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One snapshot at one process: places of its outgoing channels at the cut, and contents of its incoming ones.
 *
 * @param <P> a process
 * @param <M> a message
 */
public final class Recording<P extends Comparable<P>, M> {
    private final TreeMap<P, Channels.Position> sent = new TreeMap<>();
    private final TreeMap<P, Channel<M>> incoming = new TreeMap<>();
    private int open;

    /** Begins now: from here on every incoming channel is recorded. */
    Recording(SortedSet<P> others, Channels<P> channels) {
        for (P other : others) {
            Channels.Position received = channels.received(other);
            sent.put(other, channels.sent(other));
            incoming.put(other, new Channel<>(received.generation(), received.number() + 1));
        }
        open = incoming.size();
    }

    /**
     * Begins at the first marker, the last message that was received from a process: the channel of that marker is
     * empty.
     */
    Recording(SortedSet<P> others, Channels<P> channels, P from) {
        this(others, channels);
        Channels.Position marker = channels.received(from);
        incoming.put(from, new Channel<>(marker.generation(), marker.number()));
    }

    /** Takes a message; returns why the recording is useless from now on, or null. */
    @Nullable
    String message(P from, long number, M message) {
        Channel<M> channel = incoming.get(from);
        return channel == null ? null : channel.add(number, message);
    }

    /** Takes a marker; returns why the recording is useless from now on, or null. */
    @Nullable
    String marker(P from, long number) {
        Channel<M> channel = incoming.get(from);
        if (channel == null) {
            return "a marker from " + from + ", which is not in it";
        }
        if (!channel.isOpen()) {
            return "a second marker from " + from;
        }
        String wrong = channel.close(number);
        if (wrong == null) {
            open--;
        }
        return wrong;
    }

    /** True if a marker has come on every channel. */
    boolean isComplete() {
        return open == 0;
    }

    /** For each other process, the place of the last message sent to it before the cut. */
    public SortedMap<P, Channels.Position> sent() {
        return sent;
    }

    /** For each other process, the channel from it at the cut. */
    public SortedMap<P, Channel<M>> incoming() {
        return incoming;
    }
}
