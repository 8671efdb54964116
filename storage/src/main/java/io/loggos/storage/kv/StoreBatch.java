package io.loggos.storage.kv;

import io.loggos.api.Bytes;
import io.loggos.storage.kv.OrderedStore.Table;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Changes of an {@link OrderedStore} that are made together, in their order. Not safe for several threads. */
public final class StoreBatch {
    private static final byte PUT = 0;
    private static final byte DELETE = 1;
    private static final byte DELETE_RANGE = 2;

    /** Takes the changes of a batch. */
    public interface Handler {
        /** Puts a row. */
        void put(Table table, Bytes key, Bytes value);

        /** Deletes a row, if it is there. */
        void delete(Table table, Bytes key);

        /** Deletes the rows from {@code from} to before {@code to}. */
        void deleteRange(Table table, Bytes from, Bytes to);
    }

    private byte[] kinds = new byte[64];
    private Table[] tables = new Table[64];
    private Bytes[] keys = new Bytes[64];
    private @Nullable Bytes[] values = new @Nullable Bytes[64];
    private int size;
    private long sizeBytes;

    /** Puts a row. The bytes are kept, not copied. */
    public StoreBatch put(Table table, Bytes key, Bytes value) {
        return add(PUT, table, key, value);
    }

    /** Deletes a row, if it is there. */
    public StoreBatch delete(Table table, Bytes key) {
        return add(DELETE, table, key, null);
    }

    /** Deletes the rows from {@code from} to before {@code to}. */
    public StoreBatch deleteRange(Table table, Bytes from, Bytes to) {
        return add(DELETE_RANGE, table, from, to);
    }

    /** How many changes. */
    public int size() {
        return size;
    }

    /** How many bytes of keys and values. */
    public long sizeBytes() {
        return sizeBytes;
    }

    /** Whether there are none. */
    public boolean isEmpty() {
        return size == 0;
    }

    /** Hands over all changes in their order. */
    public void forEach(Handler handler) {
        for (int i = 0; i < size; i++) {
            switch (kinds[i]) {
                case PUT -> handler.put(tables[i], keys[i], Objects.requireNonNull(values[i]));
                case DELETE -> handler.delete(tables[i], keys[i]);
                default -> handler.deleteRange(tables[i], keys[i], Objects.requireNonNull(values[i]));
            }
        }
    }

    /** Forgets all changes, for use again. */
    public void clear() {
        Arrays.fill(keys, 0, size, Bytes.EMPTY);
        Arrays.fill(values, 0, size, null);
        size = 0;
        sizeBytes = 0;
    }

    private StoreBatch add(byte kind, Table table, Bytes key, @Nullable Bytes value) {
        if (size == kinds.length) {
            kinds = Arrays.copyOf(kinds, size * 2);
            tables = Arrays.copyOf(tables, size * 2);
            keys = Arrays.copyOf(keys, size * 2);
            values = Arrays.copyOf(values, size * 2);
        }
        kinds[size] = kind;
        tables[size] = table;
        keys[size] = key;
        values[size] = value;
        size++;
        sizeBytes += key.size() + (value == null ? 0 : value.size());
        return this;
    }
}
