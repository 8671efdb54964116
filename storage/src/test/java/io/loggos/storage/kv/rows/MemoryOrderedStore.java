package io.loggos.storage.kv.rows;

import io.loggos.api.Bytes;
import io.loggos.api.replica.CheckpointWriter;
import io.loggos.internal.codec.ByteReader;
import io.loggos.internal.codec.ByteWriter;
import io.loggos.internal.codec.MalformedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Rows in memory, for tests and the simulation. A checkpoint is one file, on any file system. The ordinal of a table is
 * its position in the file.
 */
public final class MemoryOrderedStore implements OrderedStore {
    private static final String FILE = "rows";
    private static final int LEAST_ROW_BYTES = 8;

    private volatile Map<Table, NavigableMap<Bytes, Bytes>> tables = emptyTables();
    private volatile long sizeBytes;
    private volatile boolean closed;

    @Override
    public @Nullable Bytes get(Table table, Bytes key) {
        return table(table).get(key);
    }

    @Override
    public void scan(Table table, Bytes from, @Nullable Bytes to, Visitor visitor) {
        visit(part(table, from, to), visitor);
    }

    @Override
    public RowsSnapshot snapshot() {
        MemoryOrderedStore copy = new MemoryOrderedStore();
        for (Table table : Table.values()) {
            copy.table(table).putAll(table(table));
        }
        Map<Table, NavigableMap<Bytes, Bytes>> captured = tables;
        return new RowsSnapshot() {
            @Override
            public @Nullable Bytes get(Table table, Bytes key) {
                checkOpen();
                return copy.get(table, key);
            }

            @Override
            public void scan(Table table, Bytes from, @Nullable Bytes to, Visitor visitor) {
                checkOpen();
                copy.scan(table, from, to, visitor);
            }

            private void checkOpen() {
                if (closed || copy.closed || tables != captured) {
                    throw new SnapshotEndedException();
                }
            }

            @Override
            public void close() {
                copy.close();
            }
        };
    }

    @Override
    public void apply(StoreBatch batch) {
        batch.forEach(new StoreBatch.Handler() {
            @Override
            public void put(Table table, Bytes key, Bytes value) {
                Bytes replaced = table(table).put(key, value);
                resized(value.size() - (replaced == null ? -key.size() : replaced.size()));
            }

            @Override
            public void delete(Table table, Bytes key) {
                Bytes removed = table(table).remove(key);
                resized(removed == null ? 0 : -key.size() - removed.size());
            }

            @Override
            public void deleteRange(Table table, Bytes from, Bytes to) {
                for (Bytes key : new ArrayList<>(part(table, from, to).keySet())) {
                    delete(table, key);
                }
            }
        });
    }

    /** Called by the owning thread only. */
    private void resized(long bytes) {
        long before = sizeBytes;
        sizeBytes = before + bytes;
    }

    @Override
    public long sizeBytes() {
        return sizeBytes;
    }

    @Override
    public long sizeInUseBytes() {
        return sizeBytes;
    }

    @Override
    public void defragment() {
        table(Table.META); // Nothing is kept of deleted rows. The store must be open.
    }

    @Override
    public CheckpointWriter checkpoint() {
        Map<Table, NavigableMap<Bytes, Bytes>> captured = new EnumMap<>(Table.class);
        for (Table table : Table.values()) {
            captured.put(table, new TreeMap<>(table(table)));
        }
        return directory ->
                Files.write(directory.resolve(FILE), encode(captured).toByteArray());
    }

    @Override
    public void restore(Path directory) throws IOException {
        ByteReader reader = new ByteReader(Bytes.wrap(Files.readAllBytes(directory.resolve(FILE))));
        Map<Table, NavigableMap<Bytes, Bytes>> read = emptyTables();
        long bytes = 0;
        try {
            for (NavigableMap<Bytes, Bytes> rows : read.values()) {
                int count = reader.getElementCount(LEAST_ROW_BYTES);
                for (int i = 0; i < count; i++) {
                    Bytes key = reader.getBytes();
                    Bytes value = reader.getBytes();
                    rows.put(key, value);
                    bytes += key.size() + value.size();
                }
            }
            reader.end();
        } catch (MalformedException e) {
            throw new IOException("not a checkpoint of a memory store: " + directory, e);
        }
        tables = read;
        sizeBytes = bytes;
    }

    @Override
    public void close() {
        closed = true;
    }

    private static Bytes encode(Map<Table, NavigableMap<Bytes, Bytes>> tables) {
        ByteWriter writer = new ByteWriter(4096);
        for (NavigableMap<Bytes, Bytes> rows : tables.values()) {
            writer.putInt(rows.size());
            rows.forEach((key, value) -> writer.putBytes(key).putBytes(value));
        }
        return writer.toBytes();
    }

    private static void visit(Map<Bytes, Bytes> rows, Visitor visitor) {
        for (Map.Entry<Bytes, Bytes> row : rows.entrySet()) {
            if (!visitor.visit(row.getKey(), row.getValue())) {
                return;
            }
        }
    }

    private NavigableMap<Bytes, Bytes> part(Table table, Bytes from, @Nullable Bytes to) {
        NavigableMap<Bytes, Bytes> rows = table(table);
        if (to == null) {
            return rows.tailMap(from, true);
        }
        return from.compareTo(to) < 0 ? rows.subMap(from, true, to, false) : new TreeMap<>();
    }

    private NavigableMap<Bytes, Bytes> table(Table table) {
        if (closed) {
            throw new IllegalStateException("the store is closed");
        }
        return tables.get(table);
    }

    private static Map<Table, NavigableMap<Bytes, Bytes>> emptyTables() {
        Map<Table, NavigableMap<Bytes, Bytes>> tables = new EnumMap<>(Table.class);
        for (Table table : Table.values()) {
            tables.put(table, new TreeMap<>());
        }
        return tables;
    }
}
