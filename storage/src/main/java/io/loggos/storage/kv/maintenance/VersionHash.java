package io.loggos.storage.kv.maintenance;

import io.loggos.api.Bytes;
import io.loggos.api.kv.KeyValueException;
import io.loggos.api.kv.KeyValueException.Reason;
import io.loggos.api.kv.maintenance.StoreHash;
import io.loggos.api.kv.maintenance.StoredChange;
import io.loggos.storage.kv.versions.Change;
import io.loggos.storage.kv.versions.ChangeHistory;
import io.loggos.storage.kv.versions.KeyRecord;
import io.loggos.storage.kv.versions.VersionsSnapshot;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/**
 * The hash of the versions of all keys up to a revision, as etcd computes it in {@code HashByRev}. It is over the rows of
 * etcd's bucket "key", in the order of revisions. A row is the revision and, as protocol buffer, the key with its version. Up
 * to the compacted revision only those versions count that exist at the revision of the hash. So the progress of
 * cleaning does not matter.
 */
final class VersionHash {
    /** Bytes of changes that are read at a time. */
    private static final long PAGE_BYTES = 256 << 10;

    private static final byte[] BUCKET = "key".getBytes(StandardCharsets.US_ASCII);
    private static final int KEY = (1 << 3) | 2;
    private static final int CREATE_REVISION = 2 << 3;
    private static final int MOD_REVISION = 3 << 3;
    private static final int VERSION = 4 << 3;
    private static final int VALUE = (5 << 3) | 2;
    private static final int LEASE = 6 << 3;
    private static final int MOST_NUMBER_BYTES = 11;

    private final CRC32C sum = new CRC32C();
    private final ByteBuffer buffer = ByteBuffer.allocate(64);

    private VersionHash() {
        sum.update(BUCKET);
    }

    /**
     * Computes the hash of a snapshot.
     *
     * @param revision the revision of the hash; 0 for that of the snapshot
     * @throws KeyValueException if the revision is not there yet, or was compacted
     */
    static StoreHash of(VersionsSnapshot snapshot, long revision) {
        if (revision > 0 && revision <= snapshot.compacted()) {
            throw new KeyValueException(Reason.COMPACTED, "revision " + revision + " was compacted");
        }
        if (revision > snapshot.revision()) {
            throw new KeyValueException(Reason.FUTURE_REVISION, "revision " + revision + " is not there yet");
        }
        long through = revision <= 0 ? snapshot.revision() : revision;
        VersionHash hash = new VersionHash();
        forEach(snapshot, through, change -> {
            if (change.revision() > snapshot.compacted() || isStanding(snapshot, change, through)) {
                hash.add(change.stored());
            }
        });
        return new StoreHash(snapshot.revision(), snapshot.compacted(), (int) hash.sum.getValue());
    }

    /** Passes on all changes up to a revision that a snapshot holds, in their order. */
    static void forEach(VersionsSnapshot snapshot, long through, Consumer<Change> receiver) {
        ChangeHistory history = snapshot.history();
        for (long from = 0; from <= through; ) {
            ChangeHistory.Page page = history.read(from, key -> true, false, PAGE_BYTES, Long.MAX_VALUE);
            for (Change change : page.changes()) {
                if (change.revision() > through) {
                    return;
                }
                receiver.accept(change);
            }
            from = page.through() + 1;
        }
    }

    private static boolean isStanding(VersionsSnapshot snapshot, Change change, long asOf) {
        if (change.isDelete()) {
            return false;
        }
        KeyRecord standing = snapshot.at(change.key(), asOf);
        return standing != null && change.put(standing);
    }

    private void add(StoredChange change) {
        buffer.clear();
        buffer.putLong(change.revision()).put((byte) '_').putLong(change.place());
        if (change.deleted()) {
            buffer.put((byte) 't');
        }
        add(KEY, change.key());
        number(CREATE_REVISION, change.createRevision());
        number(MOD_REVISION, change.deleted() ? 0 : change.revision());
        number(VERSION, change.version());
        add(VALUE, change.value());
        number(LEASE, change.lease());
        flush();
    }

    private void add(int tag, Bytes bytes) {
        if (!bytes.isEmpty()) {
            buffer.put((byte) tag);
            varint(bytes.size());
            flush();
            sum.update(bytes.backingArray(), bytes.backingOffset(), bytes.size());
        }
    }

    private void number(int tag, long value) {
        if (value != 0) {
            buffer.put((byte) tag);
            varint(value);
        }
        if (buffer.remaining() < MOST_NUMBER_BYTES) {
            flush();
        }
    }

    private void varint(long value) {
        long left = value;
        while ((left & ~0x7FL) != 0) {
            buffer.put((byte) ((left & 0x7F) | 0x80));
            left >>>= 7;
        }
        buffer.put((byte) left);
    }

    private void flush() {
        sum.update(buffer.array(), 0, buffer.position());
        buffer.clear();
    }
}
