package io.loggos.paxos.runtime.restore;

import io.loggos.api.Bytes;
import io.loggos.api.StorageException;
import io.loggos.api.snapshot.cut.InFlight;
import io.loggos.internal.codec.ByteReader;
import io.loggos.internal.codec.ByteWriter;
import io.loggos.internal.codec.MalformedException;
import io.loggos.internal.files.DurableFiles;
import io.loggos.internal.hash.Sha256;
import io.loggos.multicast.runtime.node.Restored;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The data that a restored node has not given to its application yet, in the directory {@code restored}.
 *
 * <p>There is a file for each participant and each group, named by the hash of its name. A file holds a format version,
 * the name, the content, and a CRC32C over all of them. The file is removed durably before its content is given. So a
 * node that crashes at that moment does not give it again. Safe for use by any thread.
 */
public final class RestoredState implements Restored {
    private static final int FORMAT = 1;
    private static final String PARTICIPANT = "participant-";
    private static final String GROUP = "group-";
    private static final int LEAST_MESSAGE_BYTES = 4 + 4 + 4;

    private final Path directory;

    private RestoredState(Path directory) {
        this.directory = directory;
    }

    /** Returns the restored data in a node's data directory, which may be none. */
    public static RestoredState in(Path dataDirectory) {
        return new RestoredState(dataDirectory.resolve("restored"));
    }

    /** Adds the state of a participant. */
    void putParticipant(String name, Bytes state) throws IOException {
        write(PARTICIPANT, name, new ByteWriter(state.size() + 4).putBytes(state));
    }

    /** Adds the messages of a group that were in flight to this node. */
    void putInFlight(String group, List<InFlight<Bytes>> messages) throws IOException {
        ByteWriter content = new ByteWriter(1024).putInt(messages.size());
        for (InFlight<Bytes> each : messages) {
            content.putInt(each.from().value()).putInt(each.to().value()).putBytes(each.message());
        }
        write(GROUP, group, content);
    }

    @Override
    public Optional<Bytes> takeParticipant(String name) {
        return take(PARTICIPANT, name, ByteReader::getBytes);
    }

    @Override
    public List<InFlight<Bytes>> takeInFlight(String group) {
        return take(GROUP, group, RestoredState::messages).orElse(List.of());
    }

    private static List<InFlight<Bytes>> messages(ByteReader in) {
        int count = in.getElementCount(LEAST_MESSAGE_BYTES);
        List<InFlight<Bytes>> messages = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            messages.add(new InFlight<>(in.getNode(), in.getNode(), in.getBytes()));
        }
        return messages;
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

    private synchronized <T> Optional<T> take(String kind, String name, Function<ByteReader, T> content) {
        Path file = file(kind, name);
        try {
            byte[] bytes = read(file);
            if (bytes == null) {
                return Optional.empty();
            }
            T taken = decode(Bytes.wrap(bytes), name, content);
            Files.delete(file);
            DurableFiles.syncDirectory(directory);
            return Optional.of(taken);
        } catch (MalformedException e) {
            throw new StorageException(StorageException.Kind.CORRUPT, file + " does not check: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new StorageException(StorageException.Kind.IO, file + " cannot be taken: " + e, e);
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
