package io.loggos.storage.rocksdb.ordered;

import io.loggos.api.StorageException;
import io.loggos.api.replica.CheckpointWriter;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.rocksdb.Options;
import org.rocksdb.RocksDB.LiveFiles;
import org.rocksdb.RocksDBException;
import org.rocksdb.SstFileReader;

/** The content of a RocksDB at one moment: the names of its files, once all of the content is in files. */
final class Capture implements CheckpointWriter {
    private static final int LONGEST_SECONDS = 60;
    private static final String CURRENT = "CURRENT";
    private static final String MANIFEST = "MANIFEST-";

    private final Captures captures;
    private final Path directory;
    private final long sequence;
    private final CompletableFuture<LiveFiles> files = new CompletableFuture<>();

    /** @param sequence sequence number of the last write that belongs to the capture */
    Capture(Captures captures, Path directory, long sequence) {
        this.captures = captures;
        this.directory = directory;
        this.sequence = sequence;
    }

    long sequence() {
        return sequence;
    }

    /** Completes the capture. RocksDB deletes none of these files until the capture is released. */
    void complete(LiveFiles live) {
        files.complete(live);
    }

    void fail(StorageException failure) {
        files.completeExceptionally(failure);
    }

    @Override
    public void writeTo(Path target) throws IOException {
        LiveFiles live = await();
        try {
            for (String each : live.files) {
                String name = each.substring(1); // after a slash
                if (name.startsWith(MANIFEST)) {
                    // The rest of the manifest describes later files, and CURRENT may name a later manifest.
                    copyBegin(directory.resolve(name), live.manifestFileSize, target.resolve(name));
                    Files.writeString(target.resolve(CURRENT), name + "\n");
                } else if (!name.equals(CURRENT)) {
                    OrderedStoreFiles.linkOrCopy(directory.resolve(name), target.resolve(name));
                }
            }
        } finally {
            release();
        }
    }

    /** Reads all blocks of a table and compares them with the checksums in it. RocksDB wrote it some time ago. */
    @Override
    public void verify(Path file) throws IOException {
        if (!file.getFileName().toString().endsWith(OrderedStoreFiles.TABLE)) {
            return; // It was written just now.
        }
        try (Options options = new Options();
                SstFileReader reader = new SstFileReader(options)) {
            reader.open(file.toString());
            reader.verifyChecksum();
        } catch (RocksDBException e) {
            throw new IOException("the table " + file.getFileName() + " of the state is damaged: " + e.getMessage(), e);
        }
    }

    /** Releases the files as soon as they are known, which may be later. */
    @Override
    public void discard() {
        CompletableFuture<?> unused = files.thenAccept(live -> release());
    }

    private void release() {
        try {
            captures.release();
        } catch (RocksDBException e) {
            throw new StorageException(StorageException.Kind.IO, "letting go of files: " + e.getMessage(), e);
        }
    }

    private LiveFiles await() throws IOException {
        try {
            return files.get(LONGEST_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IOException(
                    e.getCause() == null ? e.getMessage() : e.getCause().getMessage(), e);
        } catch (TimeoutException e) {
            discard();
            throw new IOException("RocksDB has not written out what it holds within " + LONGEST_SECONDS + " s", e);
        } catch (InterruptedException e) {
            discard();
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("while RocksDB was writing out what it holds");
        }
    }

    private static void copyBegin(Path file, long bytes, Path target) throws IOException {
        try (FileChannel from = FileChannel.open(file, StandardOpenOption.READ);
                FileChannel to = FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (long copied = 0; copied < bytes; ) {
                long more = from.transferTo(copied, bytes - copied, to);
                if (more <= 0) {
                    throw new EOFException(file + " ends before " + bytes);
                }
                copied += more;
            }
        }
    }
}
