package io.loggos.examples.cli;

import io.loggos.examples.cli.options.CommandFailure;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Lock on the directory of a local cluster. One {@code loggos cluster} at a time has it. So a second one cannot take
 * the ports of the first for those of a stranger.
 */
final class ClusterLock implements AutoCloseable {
    private static final String FILE = "cluster.lock";

    private final FileChannel channel;

    private ClusterLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Locks a directory, which is created if it does not exist. The lock also ends with the process.
     *
     * @throws CommandFailure if the cluster in it is running
     */
    static ClusterLock take(Path directory) {
        try {
            Files.createDirectories(directory);
            FileChannel channel =
                    FileChannel.open(directory.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (isLocked(channel)) {
                return new ClusterLock(channel);
            }
            channel.close();
        } catch (IOException e) {
            throw new CommandFailure("cannot use " + directory + ": " + e, e);
        }
        throw new CommandFailure("the cluster in " + directory + " is running already; nothing was started");
    }

    private static boolean isLocked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false; // by this process
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new CommandFailure("cannot release " + FILE + ": " + e, e);
        }
    }
}
