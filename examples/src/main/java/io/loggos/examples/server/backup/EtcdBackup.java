package io.loggos.examples.server.backup;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.UnsafeByteOperations;
import io.loggos.api.Bytes;
import io.loggos.api.kv.maintenance.Alarm;
import io.loggos.api.kv.maintenance.StoreContents;
import io.loggos.api.kv.maintenance.StoredChange;
import io.loggos.examples.etcd.proto.AlarmMember;
import io.loggos.examples.etcd.proto.AlarmType;
import io.loggos.examples.etcd.proto.KeyValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * The contents of a store as the database of an etcd 3.4. The bucket "key" has a row for each change: its revision, and
 * the key with its version. {@code etcdctl snapshot restore} makes an etcd of it.
 */
public final class EtcdBackup {
    static final String KEYS = "key";
    static final String LEASES = "lease";
    static final String ALARMS = "alarm";
    static final String META = "meta";

    /** Bytes of a revision: its number, an underscore, and the place within it. */
    static final int REVISION_BYTES = 17;
    /** Stands behind the revision of a deletion. */
    static final byte DELETED = 't';

    static final String COMPACTED = "finishedCompactRev";
    private static final String COMPACTION = "scheduledCompactRev";
    private static final String INDEX = "consistent_index";

    private static final int LEASE_ID = 1;
    static final int LEASE_TTL = 2;

    private final BoltWriter database;

    /**
     * Plans a backup, for which it reads the contents once.
     *
     * @param slot the slot of the contents, which is etcd's index
     */
    public EtcdBackup(StoreContents contents, long slot) {
        TreeMap<String, BoltWriter.Rows> buckets = new TreeMap<>();
        buckets.put(KEYS, receiver -> contents.forEach(change -> row(change, receiver)));
        buckets.put(LEASES, receiver -> leases(contents.leases(), receiver));
        buckets.put(
                ALARMS,
                receiver -> contents.alarms()
                        .forEach(alarm -> receiver.accept(
                                AlarmMember.newBuilder()
                                        .setMemberID(alarm.member())
                                        .setAlarm(typeOf(alarm.kind()))
                                        .build()
                                        .toByteArray(),
                                new byte[0])));
        buckets.put(META, receiver -> meta(slot, contents.compactedRevision(), receiver));
        database = new BoltWriter(buckets);
    }

    /** Returns etcd's type of a kind of alarm. */
    public static AlarmType typeOf(Alarm.Kind kind) {
        return switch (kind) {
            case NO_SPACE -> AlarmType.NOSPACE;
            case CORRUPT -> AlarmType.CORRUPT;
        };
    }

    /** Returns the size of the backup. */
    public long sizeBytes() {
        return database.sizeBytes();
    }

    /** Passes on the backup in pieces, for which it reads the contents again. */
    public void writeTo(Consumer<ByteBuffer> out) {
        database.writeTo(out);
    }

    private static void row(StoredChange change, BiConsumer<byte[], byte[]> receiver) {
        KeyValue.Builder value = KeyValue.newBuilder().setKey(wrap(change.key()));
        if (!change.deleted()) {
            value.setCreateRevision(change.createRevision())
                    .setModRevision(change.revision())
                    .setVersion(change.version())
                    .setValue(wrap(change.value()))
                    .setLease(change.lease());
        }
        receiver.accept(
                revision(change.revision(), change.place(), change.deleted()),
                value.build().toByteArray());
    }

    private static void leases(Map<Long, Duration> leases, BiConsumer<byte[], byte[]> receiver) {
        TreeMap<Long, Duration> unsigned = new TreeMap<>(Long::compareUnsigned);
        unsigned.putAll(leases);
        unsigned.forEach((id, ttl) -> receiver.accept(number(id), lease(id, Math.max(1, ttl.toSeconds()))));
    }

    private static byte[] lease(long id, long seconds) {
        try {
            byte[] bytes = new byte
                    [CodedOutputStream.computeInt64Size(LEASE_ID, id)
                            + CodedOutputStream.computeInt64Size(LEASE_TTL, seconds)];
            CodedOutputStream lease = CodedOutputStream.newInstance(bytes);
            lease.writeInt64(LEASE_ID, id);
            lease.writeInt64(LEASE_TTL, seconds);
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException("the array has just the size", e);
        }
    }

    private static void meta(long slot, long compacted, BiConsumer<byte[], byte[]> receiver) {
        receiver.accept(ascii(INDEX), number(slot));
        if (compacted > 0) {
            byte[] revision = revision(compacted, 0, false);
            receiver.accept(ascii(COMPACTED), revision);
            receiver.accept(ascii(COMPACTION), revision);
        }
    }

    private static byte[] revision(long revision, long place, boolean deleted) {
        byte[] bytes = new byte[REVISION_BYTES + (deleted ? 1 : 0)];
        ByteBuffer.wrap(bytes).putLong(revision).put((byte) '_').putLong(place);
        if (deleted) {
            bytes[REVISION_BYTES] = DELETED;
        }
        return bytes;
    }

    private static byte[] number(long number) {
        byte[] bytes = new byte[Long.BYTES];
        ByteBuffer.wrap(bytes).putLong(number);
        return bytes;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static ByteString wrap(Bytes bytes) {
        return UnsafeByteOperations.unsafeWrap(bytes.backingArray(), bytes.backingOffset(), bytes.size());
    }
}
