package io.loggos.storage.rocksdb.directory;

import io.loggos.api.StorageException;
import io.loggos.storage.rocksdb.record.Chain;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A file outside of RocksDB that names a write known to be synced. If that write is missing at the next start, synced
 * data was lost (RULES.md P-4). Two slots in blocks of their own are written alternately, so that one survives if the
 * other is torn. A slot holds: format (4), sequence (8), hash (8), CRC-32C over them (4).
 *
 * <p>A write to the file is not synced: an older fence only detects less. The fence must never name a write that is not
 * synced.
 */
public final class FenceFile implements AutoCloseable {
    private static final int FORMAT = 1;
    private static final int SLOT_BYTES = 24;
    private static final int SLOT_DISTANCE = 4096;

    /** Not a {@code FileChannel}: that would close itself when a thread using it is interrupted. */
    private final RandomAccessFile file;

    private final ByteBuffer buffer = ByteBuffer.allocate(SLOT_BYTES);
    private Chain.Link last;
    private int nextSlot;

    private FenceFile(RandomAccessFile file, Chain.Link last, int nextSlot) {
        this.file = file;
        this.last = last;
        this.nextSlot = nextSlot;
    }

    /** Creates the file, with the origin of the chain in both slots. */
    public static void create(Path path, Chain.Link origin) throws IOException {
        try (FenceFile fence = new FenceFile(new RandomAccessFile(path.toFile(), "rw"), origin, 0)) {
            fence.write(origin);
            fence.write(origin);
            fence.sync();
        }
    }

    /** Opens the file at the higher of its sound slots. */
    public static FenceFile open(Path path) throws IOException {
        RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
        try {
            Chain.Link first = read(file, 0);
            Chain.Link second = read(file, 1);
            if (first != null && (second == null || first.sequence() >= second.sequence())) {
                return new FenceFile(file, first, 1);
            }
            if (second != null) {
                return new FenceFile(file, second, 0);
            }
            throw new StorageException(
                    StorageException.Kind.CORRUPT,
                    path + ": neither slot of the fence checks, so nobody can say whether synced data was lost");
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /** Returns the last write that was known to be synced. */
    public Chain.Link last() {
        return last;
    }

    /** Names a write that is synced. */
    public void write(Chain.Link synced) throws IOException {
        buffer.clear().putInt(FORMAT).putLong(synced.sequence()).putLong(synced.hash());
        buffer.putInt(sum(buffer));
        file.seek((long) nextSlot * SLOT_DISTANCE);
        file.write(buffer.array());
        last = synced;
        nextSlot = 1 - nextSlot;
    }

    public void sync() throws IOException {
        file.getFD().sync();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    private static Chain.@Nullable Link read(RandomAccessFile file, int slot) throws IOException {
        long position = (long) slot * SLOT_DISTANCE;
        if (file.length() < position + SLOT_BYTES) {
            return null;
        }
        byte[] bytes = new byte[SLOT_BYTES];
        file.seek(position);
        file.readFully(bytes);
        ByteBuffer read = ByteBuffer.wrap(bytes).position(SLOT_BYTES - Integer.BYTES);
        if (sum(read) != read.getInt() || read.flip().getInt() != FORMAT) {
            return null;
        }
        return new Chain.Link(read.getLong(), read.getLong());
    }

    /** Returns the CRC-32C over the buffer up to its position. */
    private static int sum(ByteBuffer buffer) {
        CRC32C crc = new CRC32C();
        crc.update(buffer.duplicate().flip());
        return (int) crc.getValue();
    }
}
