package io.loggos.internal.files;

import io.loggos.api.Bytes;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The steps of writing a durable directory.
 *
 * <p>A file survives a power loss once it and the directory that names it are synced. A rename within a directory is
 * atomic. Only {@code java.nio.file} is used, so the class also runs on a file system in memory.
 */
public final class DurableFiles {
    private DurableFiles() {}

    /** Syncs the content of a file. */
    public static void sync(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    /** Syncs the names in a directory, if the file system supports it. */
    public static void syncDirectory(Path directory) throws IOException {
        boolean canFail = directory.getFileSystem() == FileSystems.getDefault();
        FileChannel channel;
        try {
            channel = FileChannel.open(directory, StandardOpenOption.READ);
        } catch (IOException | UnsupportedOperationException e) {
            if (!Files.isDirectory(directory)) {
                throw new NoSuchFileException(directory.toString());
            }
            return; // directories cannot be opened here (Windows, file systems in memory), so they cannot be synced
        }
        try (channel) {
            channel.force(true);
        } catch (IOException e) {
            if (canFail) {
                throw e;
            }
        }
    }

    /** Writes a file and syncs it. */
    public static void write(Path file, Bytes content) throws IOException {
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            writeFully(channel, content.asByteBuffer());
            channel.force(true);
        }
    }

    /** Writes the whole buffer. */
    public static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /**
     * Reads a part of a file.
     *
     * @throws EOFException if the file ends before that part does
     */
    public static Bytes read(Path file, long offset, int length) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer buffer = ByteBuffer.allocate(length);
            while (buffer.hasRemaining()) {
                if (channel.read(buffer, offset + buffer.position()) < 0) {
                    throw new EOFException(file + " ends before " + (offset + length));
                }
            }
            return Bytes.wrap(buffer.array());
        }
    }

    /** Renames a directory within its parent, atomically and durably. */
    public static void publish(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        Path parent = to.getParent();
        if (parent != null) {
            syncDirectory(parent);
        }
    }

    /** Returns the contents of a directory by name. Empty if the directory does not exist. */
    public static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> children = Files.list(directory)) {
            List<Path> sorted = new ArrayList<>(children.toList());
            sorted.sort((a, b) -> name(a).compareTo(name(b)));
            return sorted;
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    /** Returns the last element of a path. */
    public static String name(Path path) {
        return String.valueOf(path.getFileName());
    }

    /** Deletes a directory and its contents, if it exists. Does not follow links. */
    public static void deleteTree(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
