package io.loggos.storage.checkpoint;

import io.loggos.api.Bytes;
import io.loggos.api.LogId;
import io.loggos.api.spi.CheckpointManifest;
import io.loggos.api.spi.CheckpointManifest.CheckpointFile;
import io.loggos.internal.codec.ByteReader;
import io.loggos.internal.codec.ByteWriter;
import io.loggos.internal.codec.MalformedException;
import io.loggos.internal.files.ContentHash;
import io.loggos.internal.hash.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Encodes the manifest of a checkpoint; the bytes are the same on disk and on the wire. Bytes may come from a peer.
 * Decoding therefore checks that the hash matches the content, and these rules:
 *
 * <ul>
 *   <li>There are at most {@value #MAX_FILES} files. Their names are plain, distinct and in order.
 *   <li>No size is below zero, and the sum of all sizes fits into a long.
 *   <li>Each hash has the size of a hash.
 * </ul>
 */
public final class CheckpointManifestCodec {
    /** Largest number of files in one checkpoint. */
    public static final int MAX_FILES = 65_536;

    /** Longest name of a file, in bytes of UTF-8: the limit of common file systems. */
    public static final int MAX_NAME_BYTES = 255;

    private static final int LEAST_FILE_BYTES = 4 + 1 + 8 + 4 + ContentHash.BYTES;

    private CheckpointManifestCodec() {}

    /** Returns the manifest of this content, with the hash that names it. */
    public static CheckpointManifest describe(LogId log, long slot, Bytes replicaState, List<CheckpointFile> files) {
        CheckpointManifest manifest = new CheckpointManifest(
                log, slot, replicaState, List.copyOf(files), hashOf(log, slot, replicaState, files));
        check(manifest);
        return manifest;
    }

    /** Returns the bytes of a manifest. */
    public static Bytes encode(CheckpointManifest manifest) {
        return content(manifest.log(), manifest.slot(), manifest.replicaState(), manifest.files())
                .putBytes(manifest.hash())
                .toBytes();
    }

    /**
     * Returns the manifest that these bytes encode.
     *
     * @throws MalformedException if they are no manifest, if it breaks a rule, or if its hash does not match its
     *     content
     */
    public static CheckpointManifest decode(Bytes bytes) {
        ByteReader reader = new ByteReader(bytes);
        LogId log = new LogId(reader.getLong());
        long slot = reader.getCount();
        Bytes replicaState = reader.getBytes();
        int count = reader.getElementCount(LEAST_FILE_BYTES);
        if (count > MAX_FILES) {
            throw new MalformedException("a checkpoint of " + count + " files; the most are " + MAX_FILES);
        }
        List<CheckpointFile> files = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            files.add(new CheckpointFile(reader.getText(), reader.getCount(), reader.getBytes()));
        }
        CheckpointManifest manifest =
                new CheckpointManifest(log, slot, replicaState, List.copyOf(files), reader.getBytes());
        reader.end();
        check(manifest);
        return manifest;
    }

    /**
     * Checks a manifest that a caller passes in.
     *
     * @throws MalformedException if it breaks a rule, or if its hash does not match its content
     */
    public static void check(CheckpointManifest manifest) {
        require(manifest.slot() >= 0, "a checkpoint at slot " + manifest.slot());
        require(manifest.files().size() <= MAX_FILES, "a checkpoint of more than " + MAX_FILES + " files");
        long room = Long.MAX_VALUE;
        String before = "";
        for (CheckpointFile file : manifest.files()) {
            require(isPlain(file.name()), "not the name of a file: '" + shown(file.name()) + "'");
            require(file.name().compareTo(before) > 0, "files out of order at '" + file.name() + "'");
            require(file.sizeBytes() >= 0 && file.sizeBytes() <= room, "size of '" + file.name() + "'");
            require(file.contentHash().size() == ContentHash.BYTES, "hash of '" + file.name() + "'");
            room -= file.sizeBytes();
            before = file.name();
        }
        Bytes hash = hashOf(manifest.log(), manifest.slot(), manifest.replicaState(), manifest.files());
        require(hash.equals(manifest.hash()), "the manifest's hash is not that of its content");
    }

    /** True if the name denotes a file directly in the directory it is resolved in, on every common file system. */
    static boolean isPlain(String name) {
        if (name.isEmpty() || name.equals(".") || name.equals("..") || name.length() > MAX_NAME_BYTES) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c < ' ' || c == 0x7F || c == '/' || c == '\\' || c == ':' || c == 0xFFFD) {
                return false;
            }
        }
        return name.getBytes(StandardCharsets.UTF_8).length <= MAX_NAME_BYTES;
    }

    private static Bytes hashOf(LogId log, long slot, Bytes replicaState, List<CheckpointFile> files) {
        return Bytes.wrap(
                Sha256.of(content(log, slot, replicaState, files).toBytes().asByteBuffer()));
    }

    private static ByteWriter content(LogId log, long slot, Bytes replicaState, List<CheckpointFile> files) {
        ByteWriter writer = new ByteWriter(64 + replicaState.size() + files.size() * 2 * LEAST_FILE_BYTES)
                .putLong(log.value())
                .putLong(slot)
                .putBytes(replicaState)
                .putInt(files.size());
        for (CheckpointFile file : files) {
            writer.putText(file.name()).putLong(file.sizeBytes()).putBytes(file.contentHash());
        }
        return writer;
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new MalformedException(otherwise);
        }
    }

    private static String shown(String name) {
        return name.codePoints()
                .limit(40)
                .collect(
                        StringBuilder::new,
                        (text, c) -> text.append(c < ' ' ? "?" : Character.toString(c)),
                        StringBuilder::append)
                .toString();
    }
}
