package io.loggos.examples.server.backup;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import io.loggos.api.Bytes;
import io.loggos.api.StorageException;
import io.loggos.api.kv.maintenance.Alarm;
import io.loggos.api.kv.maintenance.StoreContents;
import io.loggos.api.kv.maintenance.StoredChange;
import io.loggos.examples.etcd.proto.KeyValue;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A file that {@code etcdctl snapshot save} has saved, from an etcd or from this server. Its last 32 bytes are the
 * SHA-256 of the others. Alarms are left out, since they are about the members of the old cluster.
 */
public final class EtcdBackupFile implements StoreContents {
    private static final int DIGEST_BYTES = 32;
    /** The size of a database is a multiple of this, so a file without a digest is recognized. */
    private static final int SECTOR_BYTES = 512;

    private static final int BUFFER_BYTES = 1 << 20;
    /** The time to live that is taken for a lease that says none. */
    private static final long LEAST_TTL_SECONDS = 1;

    private final FileChannel file;
    private final BoltReader database;
    private final TreeMap<Long, Duration> leases = new TreeMap<>();
    private long revision = 1;
    private long compacted = -1;

    private EtcdBackupFile(FileChannel file, long sizeBytes) throws IOException {
        this.file = file;
        database = new BoltReader(file, sizeBytes);
        database.forEach(EtcdBackup.META, (key, value) -> {
            if (Arrays.equals(key, EtcdBackup.COMPACTED.getBytes(StandardCharsets.US_ASCII))) {
                compacted = ByteBuffer.wrap(value).getLong();
            }
        });
        database.forEach(
                EtcdBackup.LEASES,
                (key, value) -> leases.put(
                        ByteBuffer.wrap(key).getLong(), Duration.ofSeconds(Math.max(LEAST_TTL_SECONDS, ttl(value)))));
        database.forEach(
                EtcdBackup.KEYS, (key, value) -> revision = ByteBuffer.wrap(key).getLong());
        revision = Math.max(revision, compacted);
    }

    /**
     * Opens a file and verifies it.
     *
     * @param digestRequired true to refuse a file without a digest, such as a copy of etcd's own database
     * @throws IOException if it cannot be read, or is not sound
     */
    public static EtcdBackupFile open(Path path, boolean digestRequired) throws IOException {
        FileChannel file = FileChannel.open(path, StandardOpenOption.READ);
        try {
            long size = file.size();
            if (size % SECTOR_BYTES == DIGEST_BYTES) {
                size -= DIGEST_BYTES;
                verify(file, size);
            } else if (digestRequired) {
                throw new IOException(path + " does not end with a digest, so it is no saved snapshot");
            }
            return new EtcdBackupFile(file, size);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private static void verify(FileChannel file, long size) throws IOException {
        MessageDigest sha = sha256();
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
        long at = 0;
        while (at < size) {
            buffer.clear().limit((int) Math.min(BUFFER_BYTES, size - at));
            int bytes = file.read(buffer, at);
            if (bytes < 0) {
                throw BoltReader.corrupt("it ends too early");
            }
            at += bytes;
            sha.update(buffer.flip());
        }
        byte[] digest = new byte[DIGEST_BYTES];
        ByteBuffer rest = ByteBuffer.wrap(digest);
        int read = 0;
        while (rest.hasRemaining() && read >= 0) {
            read = file.read(rest, size + rest.position());
        }
        if (!Arrays.equals(digest, sha.digest())) {
            throw BoltReader.corrupt("its digest differs");
        }
    }

    /** Returns a new SHA-256. */
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static long ttl(byte[] lease) throws IOException {
        CodedInputStream in = CodedInputStream.newInstance(lease);
        long ttl = 0;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (WireFormat.getTagFieldNumber(tag) == EtcdBackup.LEASE_TTL) {
                ttl = in.readInt64();
            } else {
                in.skipField(tag);
            }
        }
        return ttl;
    }

    @Override
    public long revision() {
        return revision;
    }

    @Override
    public long compactedRevision() {
        return compacted;
    }

    @Override
    public SortedMap<Long, Duration> leases() {
        return leases;
    }

    @Override
    public List<Alarm> alarms() {
        return List.of();
    }

    @Override
    public void forEach(Consumer<StoredChange> receiver) {
        try {
            database.forEach(EtcdBackup.KEYS, (key, value) -> receiver.accept(change(key, value)));
        } catch (IOException e) {
            throw new StorageException(StorageException.Kind.CORRUPT, String.valueOf(e.getMessage()), e);
        }
    }

    private static StoredChange change(byte[] key, byte[] value) throws IOException {
        if (key.length < EtcdBackup.REVISION_BYTES) {
            throw BoltReader.corrupt("a revision of " + key.length + " bytes");
        }
        ByteBuffer revision = ByteBuffer.wrap(key);
        long place = revision.getLong(9);
        boolean deleted = key.length > EtcdBackup.REVISION_BYTES;
        KeyValue kv;
        try {
            kv = KeyValue.parseFrom(value);
        } catch (InvalidProtocolBufferException e) {
            throw BoltReader.corrupt("revision " + revision.getLong(0) + " is no key: " + e.getMessage());
        }
        if (place < 0 || place > Integer.MAX_VALUE || kv.getKey().isEmpty()) {
            throw BoltReader.corrupt("revision " + revision.getLong(0) + " has no key, or a wrong place");
        }
        return new StoredChange(
                revision.getLong(0),
                (int) place,
                Bytes.wrap(kv.getKey().toByteArray()),
                deleted,
                Bytes.wrap(kv.getValue().toByteArray()),
                kv.getCreateRevision(),
                kv.getVersion(),
                kv.getLease());
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new StorageException(StorageException.Kind.IO, "closing a file: " + e, e);
        }
    }
}
