package io.loggos.storage.rocksdb;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
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
                FileChannel.open(probe, StandardOpenOption.WRITE, direct()).close();
            } finally {
                Files.delete(probe);
            }
            return true;
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    /** The option, looked up by name: it is of the JDK but not of Java, and newer compilers warn of its name. */
    private static OpenOption direct() {
        try {
            for (Object option :
                    Class.forName("com.sun.nio.file.ExtendedOpenOption").getEnumConstants()) {
                if (option.toString().equals("DIRECT")) {
                    return (OpenOption) option;
                }
            }
        } catch (ClassNotFoundException e) {
            throw new UnsupportedOperationException("this JDK has no direct I/O", e);
        }
        throw new UnsupportedOperationException("this JDK has no direct I/O");
    }
}
