package io.loggos.api.kv.keys;

import io.loggos.api.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * The keys from {@code first}, inclusive, to {@code end}, exclusive.
 *
 * @param first the first key
 * @param end the key after the last, or null for no end
 */
public record KeyRange(Bytes first, @Nullable Bytes end) {
    /** Returns the range of one key. */
    public static KeyRange single(Bytes key) {
        byte[] after = new byte[key.size() + 1];
        System.arraycopy(key.backingArray(), key.backingOffset(), after, 0, key.size());
        return new KeyRange(key, Bytes.wrap(after));
    }

    /** Returns the range from {@code first}, inclusive, to {@code end}, exclusive. */
    public static KeyRange between(Bytes first, Bytes end) {
        return new KeyRange(first, end);
    }

    /** Returns the range of all keys from {@code first} on. */
    public static KeyRange from(Bytes first) {
        return new KeyRange(first, null);
    }

    /** Returns the range of all keys. */
    public static KeyRange all() {
        return from(Bytes.EMPTY);
    }

    /** Returns the range of all keys that begin with {@code prefix}. */
    public static KeyRange prefix(Bytes prefix) {
        byte[] end = prefix.toByteArray();
        for (int i = end.length - 1; i >= 0; i--) {
            if (end[i] != (byte) 0xFF) {
                end[i]++;
                return new KeyRange(prefix, Bytes.wrap(end, 0, i + 1));
            }
        }
        return from(prefix);
    }

    /** Tells if a key is in this range. */
    public boolean contains(Bytes key) {
        return key.compareTo(first) >= 0 && (end == null || key.compareTo(end) < 0);
    }

    /** Tells if this range is exactly one key. */
    public boolean isSingle() {
        return end != null && end.size() == first.size() + 1 && end.at(first.size()) == 0 && end.startsWith(first);
    }
}
