package io.loggos.storage.kv;

import io.loggos.api.Bytes;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The versions of keys that were read or written last, decoded, within a bound. It is never iterated for an answer. */
final class RecordCache {
    private static final long MAX_BYTES = 64 << 20;
    private static final long LARGEST_BYTES = 256 << 10;
    /** What an entry takes beside its key and row, about. */
    private static final int ENTRY_BYTES = 200;

    private final LinkedHashMap<Bytes, KeyRecord> records = new LinkedHashMap<>(1024, 0.75f, true);
    private long sizeBytes;

    @Nullable
    KeyRecord get(Bytes key) {
        return records.get(key);
    }

    /** Keeps a record, and the key as it is, for a while. */
    void put(Bytes key, KeyRecord record) {
        if (cost(key, record) > LARGEST_BYTES) {
            remove(key);
            return;
        }
        KeyRecord replaced = records.put(key, record);
        sizeBytes += cost(key, record) - (replaced == null ? 0 : cost(key, replaced));
        if (sizeBytes > MAX_BYTES) {
            Iterator<Map.Entry<Bytes, KeyRecord>> oldest = records.entrySet().iterator();
            while (sizeBytes > MAX_BYTES) {
                Map.Entry<Bytes, KeyRecord> entry = oldest.next();
                sizeBytes -= cost(entry.getKey(), entry.getValue());
                oldest.remove();
            }
        }
    }

    void remove(Bytes key) {
        KeyRecord removed = records.remove(key);
        if (removed != null) {
            sizeBytes -= cost(key, removed);
        }
    }

    void clear() {
        records.clear();
        sizeBytes = 0;
    }

    private static int cost(Bytes key, KeyRecord record) {
        return key.size() + record.row.size() + ENTRY_BYTES;
    }
}
