package io.loggos.api;

import java.util.Objects;
import java.util.UUID;

/**
 * The id that a caller gives a command, so that the command takes effect once however often it is proposed.
 *
 * <p>A caller makes the id before it first proposes the command, and keeps both until it knows the outcome: on disk, if
 * it shall survive a restart of the caller. Whoever proposes the command with this id again, at any replica, gets the
 * first answer.
 *
 * <p>A log keeps the answers of some time only. {@code after} tells it if it would still know the id: an id that was
 * made before the oldest answer that is kept is refused as too old.
 *
 * @param after a slot before which the command was certainly not proposed: one that the caller knows to be applied when
 *     it makes the id. The higher it is, the longer the id can be used
 * @param key the identity of the command; no two commands of a log may have the same. A name-based one serves callers
 *     that number their commands themselves ({@link UUID#nameUUIDFromBytes})
 */
public record RequestId(Slot after, UUID key) {
    public RequestId {
        Objects.requireNonNull(after);
        Objects.requireNonNull(key);
    }

    /** Returns a new id with a random key. The slot is one that is applied, such as that of an earlier answer. */
    public static RequestId after(Slot applied) {
        return new RequestId(applied, UUID.randomUUID());
    }

    /**
     * Reads an id from the text that {@link #toString} writes.
     *
     * @throws IllegalArgumentException if it is no id
     */
    public static RequestId parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException("not an id of a request: " + text);
        }
        return new RequestId(
                Slot.of(Long.parseLong(text.substring(0, slash))), UUID.fromString(text.substring(slash + 1)));
    }

    @Override
    public String toString() {
        return after + "/" + key;
    }
}
