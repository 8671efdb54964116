package io.loggos.storage.rocksdb;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Tells if tables can be written with direct I/O, which bypasses the page cache. Tables are rarely read again. Filling
 * the page cache with them costs as much as writing them, and evicts the write-ahead log from it.
 */
public final class DirectIo {
    private DirectIo() {}

    /** Tries direct I/O on a file in this directory, which is created if it does not exist. */
    public static boolean isSupported(Path directory) {
        try {
            Files.createDirectories(directory);
            Path probe = Files.createTempFile(directory, "direct-io", ".probe");
            try {
                FileChannel.open(probe, StandardOpenOption.WRITE, ExtendedOpenOption.DIRECT)
                        .close();
            } finally {
                Files.delete(probe);
            }
            return true;
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }
}
