package io.loggos.multicast.map;

import io.loggos.api.Bytes;
import io.loggos.internal.codec.ByteReader;
import io.loggos.internal.codec.ByteWriter;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Change of one key: number (8), whether there is a value (1), key, value.
 *
 * @param number counts the changes of one member
 * @param value the new value; empty to remove the key
 */
record MapChange(long number, Bytes key, Optional<Bytes> value) {
    Bytes toBytes() {
        ByteWriter out = new ByteWriter(32 + key.size());
        out.putLong(number).putBoolean(value.isPresent()).putBytes(key);
        value.ifPresent(out::putBytes);
        return out.toBytes();
    }

    /** @throws io.loggos.internal.codec.MalformedException if the bytes are none */
    static MapChange of(Bytes bytes) {
        ByteReader in = new ByteReader(bytes);
        long number = in.getLong();
        boolean hasValue = in.getBoolean();
        Bytes key = in.getBytes();
        Optional<Bytes> value = hasValue ? Optional.of(in.getBytes()) : Optional.empty();
        in.end();
        return new MapChange(number, key, value);
    }

    /** Returns the bytes of a whole map: count (4), then keys and values. */
    static Bytes write(SortedMap<Bytes, Bytes> entries) {
        ByteWriter out = new ByteWriter(1024);
        out.putInt(entries.size());
        entries.forEach((key, value) -> out.putBytes(key).putBytes(value));
        return out.toBytes();
    }

    /** @throws io.loggos.internal.codec.MalformedException if the bytes are no map */
    static TreeMap<Bytes, Bytes> read(Bytes bytes) {
        ByteReader in = new ByteReader(bytes);
        TreeMap<Bytes, Bytes> entries = new TreeMap<>();
        for (int left = in.getElementCount(2 * Integer.BYTES); left > 0; left--) {
            entries.put(in.getBytes(), in.getBytes());
        }
        in.end();
        return entries;
    }
}
