package io.loggos.paxos.runtime.restore;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.StorageException;
import io.loggos.api.snapshot.GlobalSnapshot;
import io.loggos.api.snapshot.cut.InFlight;
import io.loggos.api.snapshot.cut.NodeCut;
import io.loggos.internal.codec.ByteReader;
import io.loggos.internal.codec.ByteWriter;
import io.loggos.internal.codec.MalformedException;
import io.loggos.internal.files.DurableFiles;
import io.loggos.internal.hash.Sha256;
import io.loggos.multicast.runtime.node.Restored;
import io.loggos.multicast.runtime.node.RestoredMessagesCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The data that a restored node has not given to its application yet, in the directory {@code restored}.
 *
 * <p>There is a file for each participant and each group, named by the hash of its name. A file holds a format version,
 * the name, the content, and a CRC32C over all of them.
 *
 * <p>The state of a participant is removed durably once the participant has taken it over. Messages are removed before
 * they are given, so a node that crashes at that moment does not give them again. Safe for use by any thread.
 */
public final class RestoredState implements Restored {
    private static final Logger LOGGER = LoggerFactory.getLogger(RestoredState.class);
    private static final int FORMAT = 2;
    private static final String PARTICIPANT = "participant-";
    private static final String GROUP = "group-";
    /** Prefix of the names of the library's own groups, whose contents concern the old cluster only. */
    private static final String RESERVED = "loggos.";

    private final Path directory;

    private RestoredState(Path directory) {
        this.directory = directory;
    }

    /** Returns the restored data in a node's data directory, which may be none. */
    public static RestoredState in(Path dataDirectory) {
        return new RestoredState(dataDirectory.resolve("restored"));
    }

    /**
     * Writes what the application of a node has in a snapshot.
     *
     * @param members the nodes of the new cluster. Messages to and from other nodes are left out
     */
    public static void write(Path dataDirectory, GlobalSnapshot cut, NodeId self, SortedSet<NodeId> members)
            throws IOException {
        RestoredState state = in(dataDirectory);
        NodeCut own = cut.nodes().get(self);
        if (own == null) {
            return;
        }
        for (Map.Entry<String, Bytes> each : own.participants().entrySet()) {
            state.putParticipant(each.getKey(), each.getValue());
        }
        for (String group : groups(cut)) {
            TreeSet<NodeId> present = new TreeSet<>(members);
            present.removeIf(node -> !isMember(cut.nodes().get(node), group));
            if (present.contains(self)) {
                List<InFlight<Bytes>> inFlight = cut.inFlight(group).stream()
                        .filter(each -> each.to().equals(self) && members.contains(each.from()))
                        .toList();
                state.putMessages(group, new Messages(present, inFlight));
            }
        }
    }

    private static boolean isMember(@Nullable NodeCut node, String group) {
        return node != null
                && node.groups().stream().anyMatch(each -> each.group().equals(group));
    }

    /** The groups of the application in a snapshot. */
    static SortedSet<String> groups(GlobalSnapshot cut) {
        SortedSet<String> groups = new TreeSet<>();
        cut.nodes().values().forEach(node -> node.groups().forEach(each -> groups.add(each.group())));
        groups.removeIf(group -> group.startsWith(RESERVED));
        return groups;
    }

    /** Adds the state of a participant. */
    void putParticipant(String name, Bytes state) throws IOException {
        write(PARTICIPANT, name, new ByteWriter(state.size() + 4).putBytes(state));
    }

    /** Adds the messages of a group that were in flight to this node. */
    void putMessages(String group, Messages messages) throws IOException {
        ByteWriter content = new ByteWriter(1024);
        RestoredMessagesCodec.write(messages, content);
        write(GROUP, group, content);
    }

    @Override
    public synchronized void participant(String name, Consumer<Bytes> restore) {
        Path file = file(PARTICIPANT, name);
        Bytes state = read(file, name, ByteReader::getBytes);
        if (state != null) {
            restore.accept(state);
            try {
                remove(file);
            } catch (IOException e) {
                throw new StorageException(StorageException.Kind.IO, file + " cannot be removed: " + e, e);
            }
        }
    }

    @Override
    public synchronized @Nullable Messages messages(String group) {
        return read(file(GROUP, group), group, RestoredMessagesCodec::read);
    }

    @Override
    public synchronized void forget(String group) {
        Path file = file(GROUP, group);
        try {
            remove(file);
        } catch (IOException e) {
            LOGGER.error("{} cannot be removed, so its messages may be given again after a restart", file, e);
        }
    }

    private void remove(Path file) throws IOException {
        if (Files.deleteIfExists(file)) {
            DurableFiles.syncDirectory(directory);
        }
    }

    private void write(String kind, String name, ByteWriter content) throws IOException {
        Files.createDirectories(directory);
        Bytes body = new ByteWriter(content.size() + 64)
                .putInt(FORMAT)
                .putText(name)
                .putRaw(content.toBytes())
                .toBytes();
        DurableFiles.write(
                file(kind, name),
                new ByteWriter(body.size() + 4).putRaw(body).putInt(sum(body)).toBytes());
    }

    private static <T> @Nullable T read(Path file, String name, Function<ByteReader, T> content) {
        try {
            byte[] bytes = read(file);
            return bytes == null ? null : decode(Bytes.wrap(bytes), name, content);
        } catch (MalformedException e) {
            throw new StorageException(StorageException.Kind.CORRUPT, file + " does not check: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new StorageException(StorageException.Kind.IO, file + " cannot be read: " + e, e);
        }
    }

    private static byte @Nullable [] read(Path file) throws IOException {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    private static <T> T decode(Bytes bytes, String name, Function<ByteReader, T> content) {
        int size = bytes.size() - Integer.BYTES;
        if (size < 0 || new ByteReader(bytes.slice(size, Integer.BYTES)).getInt() != sum(bytes.slice(0, size))) {
            throw new MalformedException("its sum differs");
        }
        ByteReader in = new ByteReader(bytes.slice(0, size));
        int format = in.getInt();
        if (format != FORMAT) {
            throw new MalformedException("format " + format);
        }
        String found = in.getText();
        if (!found.equals(name)) {
            throw new MalformedException("it is that of \"" + found + "\"");
        }
        T value = content.apply(in);
        in.end();
        return value;
    }

    private static int sum(Bytes body) {
        CRC32C crc = new CRC32C();
        crc.update(body.backingArray(), body.backingOffset(), body.size());
        return (int) crc.getValue();
    }

    private Path file(String kind, String name) {
        return directory.resolve(
                kind + HexFormat.of().formatHex(Sha256.of(Bytes.utf8(name).asByteBuffer())));
    }
}
