package io.loggos.examples.cli.client;

import io.loggos.examples.admin.proto.SnapshotProgressReply;
import io.loggos.examples.admin.proto.SnapshotSummary;
import io.loggos.examples.cli.options.CommandFailure;
import io.loggos.examples.files.DirectoryTree;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Iterator;
import java.util.stream.Stream;

/** Receives the files of a snapshot. The target directory appears complete at the end, or not at all. */
public final class ExportedFiles implements AutoCloseable {
    private final Path target;
    private final Path building;

    private ExportedFiles(Path target, Path building) {
        this.target = target;
        this.building = building;
    }

    /** Begins. The directory must be empty or must not exist. */
    public static ExportedFiles into(Path directory) throws IOException {
        Path target = directory.toAbsolutePath();
        if (Files.exists(target) && (!Files.isDirectory(target) || !isEmpty(target))) {
            throw new CommandFailure(directory + " is there and not an empty directory. Nothing was changed");
        }
        Path parent = target.getParent();
        if (parent == null) {
            throw new CommandFailure("not a directory to export into: " + directory);
        }
        Files.createDirectories(parent);
        return new ExportedFiles(target, Files.createTempDirectory(parent, "exporting-"));
    }

    private static boolean isEmpty(Path directory) throws IOException {
        try (Stream<Path> children = Files.list(directory)) {
            return children.findAny().isEmpty();
        }
    }

    /** Returns the directory that holds the files at the moment. */
    public Path directory() {
        return building;
    }

    /** Writes the received files until the end of the replies. */
    public SnapshotSummary receive(Iterator<SnapshotProgressReply> replies, ProgressLine progress) {
        try {
            while (replies.hasNext()) {
                SnapshotProgressReply reply = replies.next();
                if (reply.hasDone()) {
                    return reply.getDone();
                } else if (reply.hasPiece()) {
                    append(reply.getPiece());
                } else {
                    progress.at(
                            reply.getProgress().getWhat(),
                            reply.getProgress().getDoneBytes(),
                            reply.getProgress().getAllBytes());
                }
            }
        } catch (IOException e) {
            throw new CommandFailure("cannot write to " + building + ": " + e.getMessage(), e);
        }
        throw new CommandFailure("the answer ended too early");
    }

    private void append(SnapshotProgressReply.Piece piece) throws IOException {
        Path file = building.resolve(piece.getFile()).normalize();
        Path parent = file.getParent();
        if (!file.startsWith(building) || parent == null) {
            throw new CommandFailure("the server sent a file named " + piece.getFile());
        }
        Files.createDirectories(parent);
        try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            piece.getContent().writeTo(out);
        }
    }

    /** Moves the files to the target directory. They must be complete and verified. */
    public void publish() throws IOException {
        Files.deleteIfExists(target);
        Files.move(building, target, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void close() throws IOException {
        DirectoryTree.delete(building);
    }
}
