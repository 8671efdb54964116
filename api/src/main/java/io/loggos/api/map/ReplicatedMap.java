package io.loggos.api.map;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.group.View;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/**
 * A map with a copy at every member of a group. Safe for use by any thread.
 *
 * <p>It is state machine replication by a totally ordered multicast (Birman and Joseph 1987, section 5; Schneider 1990).
 * <p>All copies go through the same changes in the same order. A member that comes later receives the map first. Reads are
 * local: they cost nothing and may be late, but this member sees its own changes once their futures have completed.
 *
 * <p>Nothing is on disk, and the map ends with its last member. The changes of a member that was cut off are lost unless
 * their futures have completed. Data that must not be lost belongs into a {@link io.loggos.api.kv.KeyValueStore}.
 */
public interface ReplicatedMap extends AutoCloseable {
    /** Receives the changes at one member, on the thread of the group's listeners. Must not block. */
    interface Listener {
        /** Does nothing. */
        Listener NONE = (by, key, before, after) -> {};

        /**
         * Receives a change.
         *
         * @param by the member that made it
         * @param before the value that the key had; empty if it had none
         * @param after the value that the key has; empty if it was removed
         */
        void onChange(NodeId by, Bytes key, Optional<Bytes> before, Optional<Bytes> after);

        /** Receives the whole map, since this member has taken over that of the others. */
        default void onTransfer(SortedMap<Bytes, Bytes> entries) {}

        /** Reports that this member was excluded. Its copy is out of date until the next {@link #onTransfer}. */
        default void onEvicted(String reason) {}
    }

    /** Returns the value of a key in this member's copy. */
    Optional<Bytes> get(Bytes key);

    /** Returns all of this member's copy, as it is now, ordered by key. It does not change any more. */
    SortedMap<Bytes, Bytes> snapshot();

    /**
     * Sets the value of a key.
     *
     * <p>The future ends with the value before, once this member's copy has the change and no failure of this member can
     * undo it. It fails with {@link io.loggos.api.OutcomeUnknownException} if this member was excluded or cut off before
     * that was known. It fails with {@link io.loggos.api.NodeClosedException} if the map was closed before the change was
     * sent. The thread of the listeners completes it.
     *
     * <p>Throws and blocks as {@link io.loggos.api.group.Group#multicast(Bytes)} does. Key and value together are at most
     * 32 bytes shorter than the group's longest message.
     */
    CompletableFuture<Optional<Bytes>> put(Bytes key, Bytes value);

    /** Removes a key, and its value. Does as {@link #put} does. */
    CompletableFuture<Optional<Bytes>> remove(Bytes key);

    /** The view of the group, see {@link io.loggos.api.group.Group#view}. */
    Optional<View> view();

    /** Waits for a view of the group, see {@link io.loggos.api.group.Group#awaitView}. This copy is up to date then. */
    CompletableFuture<View> awaitView(Predicate<View> wanted);

    /** Leaves the group. The copy stays readable, and is out of date from then on. */
    @Override
    void close();
}
