package io.loggos.storage.kv.rows;

import io.loggos.api.Bytes;
import io.loggos.storage.kv.rows.OrderedStore.Table;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Changes of an {@link OrderedStore} that are applied together, in their order. Not thread-safe. */
public final class StoreBatch {
    private static final byte PUT = 0;
    private static final byte DELETE = 1;
    private static final byte DELETE_RANGE = 2;

    /** Receives the changes of a batch. */
    public interface Handler {
        /** Puts a row. */
        void put(Table table, Bytes key, Bytes value);

        /** Deletes a row, if it exists. */
        void delete(Table table, Bytes key);

        /** Deletes the rows from {@code from} (inclusive) to {@code to} (exclusive). */
        void deleteRange(Table table, Bytes from, Bytes to);
    }

    private byte[] kinds = new byte[64];
    private Table[] tables = new Table[64];
    private Bytes[] keys = new Bytes[64];
    private @Nullable Bytes[] values = new @Nullable Bytes[64];
    private int size;
    private long sizeBytes;

    /** Puts a row. The batch keeps the bytes without a copy. */
    public StoreBatch put(Table table, Bytes key, Bytes value) {
        return add(PUT, table, key, value);
    }

    /** Deletes a row, if it exists. */
    public StoreBatch delete(Table table, Bytes key) {
        return add(DELETE, table, key, null);
    }

    /** Deletes the rows from {@code from} (inclusive) to {@code to} (exclusive). */
    public StoreBatch deleteRange(Table table, Bytes from, Bytes to) {
        return add(DELETE_RANGE, table, from, to);
    }

    /** Returns the number of changes. */
    public int size() {
        return size;
    }

    /** Returns the number of bytes of all keys and values. */
    public long sizeBytes() {
        return sizeBytes;
    }

    /** True if there are no changes. */
    public boolean isEmpty() {
        return size == 0;
    }

    /** Passes all changes to the handler in their order. */
    public void forEach(Handler handler) {
        for (int i = 0; i < size; i++) {
            switch (kinds[i]) {
                case PUT -> handler.put(tables[i], keys[i], Objects.requireNonNull(values[i]));
                case DELETE -> handler.delete(tables[i], keys[i]);
                default -> handler.deleteRange(tables[i], keys[i], Objects.requireNonNull(values[i]));
            }
        }
    }

    /** Removes all changes, so that the batch can be used again. */
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
