package io.loggos.snapshot.core;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One incoming channel of one snapshot: the messages between the record of this process's state and the marker.
 *
 * @param <M> a message
 */
public final class Channel<M> {
    private final long generation;
    private final long first;
    private final List<M> messages = new ArrayList<>();

    /** Number of the marker that closed it; 0 while it is open. */
    private long marker;

    /** Creates a channel on which the message {@code first} comes next. */
    Channel(long generation, long first) {
        this.generation = generation;
        this.first = first;
    }

    boolean isOpen() {
        return marker == 0;
    }

    /** Takes a message if the channel is open; returns what is wrong with its number, or null. */
    @Nullable
    String add(long number, M message) {
        if (!isOpen()) {
            return null;
        }
        if (number != next()) {
            return "message " + number + " where " + next() + " was to come";
        }
        messages.add(message);
        return null;
    }

    /** Ends the recording; returns what is wrong with the marker's number, or null. */
    @Nullable
    String close(long number) {
        if (number != next()) {
            return "marker " + number + " where " + next() + " was to come";
        }
        marker = number;
        return null;
    }

    private long next() {
        return first + messages.size();
    }

    public long generation() {
        return generation;
    }

    /** Number of the first message that counts as in the channel. */
    public long first() {
        return first;
    }

    public List<M> messages() {
        return messages;
    }

    /** Number of the marker; 0 while the channel is open. */
    public long marker() {
        return marker;
    }
}
