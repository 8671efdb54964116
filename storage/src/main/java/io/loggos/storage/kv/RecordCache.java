package io.loggos.storage.kv;

import io.loggos.api.Bytes;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The versions of keys that were read or written lately, decoded, within a bound. It is never iterated for an answer.
 *
 * <p>What goes is what came first, unless it was asked for since: then it is only put behind the others (the "second
 * chance" of page replacement). So a hit changes nothing but a flag: an order that follows each access would link
 * old objects anew all the time, and make the collector look at the whole cache again and again.
 */
final class RecordCache {
    private static final long MAX_BYTES = 64 << 20;
    private static final long LARGEST_BYTES = 256 << 10;
    /** What an entry takes beside its key and row, about. */
    private static final int ENTRY_BYTES = 200;

    private static final class Entry {
        private KeyRecord record;
        private boolean asked;

        Entry(KeyRecord record) {
            this.record = record;
        }
    }

    private final LinkedHashMap<Bytes, Entry> entries = new LinkedHashMap<>(1024);
    private long sizeBytes;

    @Nullable
    KeyRecord get(Bytes key) {
        Entry entry = entries.get(key);
        if (entry == null) {
            return null;
        }
        if (!entry.asked) {
            entry.asked = true;
        }
        return entry.record;
    }

    /** Keeps a record for a while, and a copy of the key. */
    void put(Bytes key, KeyRecord record) {
        int cost = cost(key, record);
        if (cost > LARGEST_BYTES) {
            remove(key);
            return;
        }
        Entry entry = entries.get(key);
        if (entry == null) {
            // The key that comes is usually a part of something larger.
            entries.put(Bytes.wrap(key.toByteArray()), new Entry(record));
            sizeBytes += cost;
        } else {
            sizeBytes += cost - cost(key, entry.record);
            entry.record = record;
        }
        while (sizeBytes > MAX_BYTES) {
            dropOldest();
        }
    }

    void remove(Bytes key) {
        Entry removed = entries.remove(key);
        if (removed != null) {
            sizeBytes -= cost(key, removed.record);
        }
    }

    void clear() {
        entries.clear();
        sizeBytes = 0;
    }

    private void dropOldest() {
        Iterator<Map.Entry<Bytes, Entry>> oldest = entries.entrySet().iterator();
        Map.Entry<Bytes, Entry> first = oldest.next();
        Bytes key = first.getKey();
        Entry entry = first.getValue();
        oldest.remove();
        if (entry.asked) {
            entry.asked = false;
            entries.put(key, entry);
        } else {
            sizeBytes -= cost(key, entry.record);
        }
    }

    private static int cost(Bytes key, KeyRecord record) {
        return key.size() + record.row().size() + ENTRY_BYTES;
    }
}
