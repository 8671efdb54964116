package io.loggos.storage.rocksdb;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Whether tables can be written past the page cache. They are rarely read again, and filling the cache with them costs
 * as much as writing them and pushes the write-ahead log out of it.
 */
final class DirectIo {
    private DirectIo() {}

    /** Tries it on a file in this directory, which is made if it is not there. */
    static boolean isSupported(Path directory) {
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
