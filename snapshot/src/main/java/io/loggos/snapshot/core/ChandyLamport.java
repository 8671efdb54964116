package io.loggos.snapshot.core;

import io.loggos.api.snapshot.SnapshotId;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The algorithm of Chandy and Lamport (1985, section 3.2) at one process, for any number of snapshots at once.
 *
 * <p>It relies on FIFO channels without loss, and on nothing else. The numbers of a channel are checked all the same,
 * since a marker out of place gives a cut that only looks sound.
 *
 * <p>It is generic in the process: a node here; a whole replicated log could be one.
 * <ul>
 *   <li><i>Marker-sending rule</i> ({@link #begin}): record the state and, before anything else is sent, send a marker
 *       on each outgoing channel.
 *   <li><i>Marker-receiving rule</i> ({@link #onMarker}): if the state is not recorded, record it; the channel of the
 *       marker is then empty. Otherwise the channel holds the messages that came on it since the record.
 * </ul>
 *
 * @param <P> a process
 * @param <M> a message
 */
public final class ChandyLamport<P extends Comparable<P>, M> {
    /**
     * Requests and reports of the algorithm.
     *
     * @param <P> a process
     * @param <M> a message
     */
    public interface Effects<P extends Comparable<P>, M> {
        /**
         * Records the state of this process as it stands at this moment, and sends nothing.
         *
         * @return the reason why that cannot be done; empty if it can
         */
        String recordState(SnapshotId id);

        /** Sends a marker now, as the next message on the channel, with this number. */
        void sendMarker(P to, SnapshotId id, long number);

        /** Reports that a marker has come on every incoming channel. The recording changes no more. */
        void recorded(SnapshotId id, Recording<P, M> recording);

        /** Reports that the recording is useless, since a channel broke its promise. */
        void damaged(SnapshotId id, String reason);
    }

    private final Channels<P> channels;
    private final Effects<P, M> effects;

    /** Recordings that are neither finished nor forgotten. */
    private final TreeMap<SnapshotId, Recording<P, M>> recordings = new TreeMap<>();

    public ChandyLamport(Channels<P> channels, Effects<P, M> effects) {
        this.channels = channels;
        this.effects = effects;
    }

    /** True if any channel is being recorded. */
    public boolean isRecording() {
        return !recordings.isEmpty();
    }

    /** Begins a snapshot of this process and others, each of which has a channel to and from it. */
    public void begin(SnapshotId id, SortedSet<P> others) {
        if (recordings.containsKey(id)) {
            throw new IllegalArgumentException(id + " has begun");
        }
        cut(id, new Recording<>(others, channels));
    }

    /**
     * Takes a marker, message {@code number} of its channel; {@link #onMessage} was called before.
     *
     * @param first whether this process has not yet recorded its state for this snapshot
     */
    public void onMarker(P from, SnapshotId id, long number, boolean first, SortedSet<P> others) {
        if (first) {
            cut(id, new Recording<>(others, channels, from));
        }
        Recording<P, M> recording = recordings.get(id);
        if (recording != null) {
            String wrong = recording.marker(from, number);
            settle(id, recording, wrong);
        }
    }

    /**
     * Takes a message that is about to be handled.
     *
     * @param markerOf the snapshot that it is a marker of; null if it is none. To other snapshots a marker is a message
     *     like any other
     */
    public void onMessage(P from, long number, M message, @Nullable SnapshotId markerOf) {
        if (recordings.isEmpty()) {
            return;
        }
        for (SnapshotId id : List.copyOf(recordings.keySet())) {
            Recording<P, M> recording = id.equals(markerOf) ? null : recordings.get(id);
            String wrong = recording == null ? null : recording.message(from, number, message);
            if (wrong != null) {
                damage(id, from + ": " + wrong);
            }
        }
    }

    /** Stops the recording for a snapshot. */
    public void forget(SnapshotId id) {
        recordings.remove(id);
    }

    /** Records the state and sends the markers, with nothing in between: that makes the cut consistent. */
    private void cut(SnapshotId id, Recording<P, M> recording) {
        recordings.put(id, recording);
        String refusal = effects.recordState(id);
        if (!refusal.isEmpty()) {
            damage(id, refusal);
            return;
        }
        for (Map.Entry<P, Channels.Position> channel : recording.sent().entrySet()) {
            P other = channel.getKey();
            Channels.Position marker = channel.getValue().next();
            effects.sendMarker(other, id, marker.number());
            if (!channels.sent(other).equals(marker)) {
                damage(id, "the marker to " + other + " is not the next message on its channel, or there is none");
                return;
            }
        }
        settle(id, recording, null);
    }

    private void settle(SnapshotId id, Recording<P, M> recording, @Nullable String wrong) {
        if (wrong != null) {
            damage(id, wrong);
        } else if (recording.isComplete() && recordings.remove(id) != null) {
            effects.recorded(id, recording);
        }
    }

    private void damage(SnapshotId id, String reason) {
        if (recordings.remove(id) != null) {
            effects.damaged(id, reason);
        }
    }
}
