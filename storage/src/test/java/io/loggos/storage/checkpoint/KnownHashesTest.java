package io.loggos.storage.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Bytes;
import io.loggos.internal.files.ContentHash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that detect a remembered hash by changing a file in a way that leaves its file attributes as they were. */
class KnownHashesTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final FileTime OLD = FileTime.from(NOW.minusSeconds(60));

    @TempDir
    Path directory;

    private final KnownHashes known = new KnownHashes(Clock.fixed(NOW, ZoneOffset.UTC));
    private Path file;

    @BeforeEach
    void write() throws IOException {
        file = directory.resolve("a.sst");
        Files.writeString(file, "content");
    }

    private Bytes hash(Path path) throws IOException {
        return known.hashAndSync(path, sound -> {});
    }

    private void changeInPlace(String content, FileTime changed) throws IOException {
        Files.writeString(file, content, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
        Files.setLastModifiedTime(file, changed);
    }

    @Test
    void aFileUnderAnotherNameIsNotReadAgain() throws IOException {
        Files.setLastModifiedTime(file, OLD);
        Bytes hash = hash(file);
        assertEquals(ContentHash.of(file), hash);
        Path link = Files.createLink(directory.resolve("b.sst"), file);
        changeInPlace("CONTENT", OLD); // changes no attribute of the file
        assertEquals(hash, hash(link));
    }

    @Test
    void aFileThatHasChangedIsHashedAnew() throws IOException {
        Files.setLastModifiedTime(file, OLD);
        Bytes hash = hash(file);
        changeInPlace("CONTENT", FileTime.from(NOW.minusSeconds(59)));
        Bytes later = hash(file);
        assertEquals(ContentHash.of(file), later);
        assertNotEquals(hash, later);
        changeInPlace("longer content", OLD);
        assertEquals(ContentHash.of(file), hash(file));
        Path other = directory.resolve("c.sst");
        Files.writeString(other, "cOntent");
        Files.setLastModifiedTime(other, OLD);
        assertEquals(ContentHash.of(other), hash(other));
    }

    /** A file that replaces a recently modified one may have the same modification time. */
    @Test
    void aFileThatChangedJustNowIsHashedAnew() throws IOException {
        FileTime now = FileTime.from(NOW.minusMillis(5));
        Files.setLastModifiedTime(file, now);
        hash(file);
        changeInPlace("CONTENT", now);
        assertEquals(ContentHash.of(file), hash(file));
    }

    @Test
    void aWholeSecondIsTakenForAllThatTheFileSystemKeeps() throws IOException {
        FileTime second = FileTime.from(NOW.minusSeconds(1));
        Files.setLastModifiedTime(file, second);
        hash(file);
        changeInPlace("CONTENT", second);
        assertEquals(ContentHash.of(file), hash(file));
    }

    /** RULES.md O-5: the hash of a file that is damaged already is not remembered, and does not make it sound. */
    @Test
    void aFileThatItsOwnChecksumsRefuseHasNoHash() throws IOException {
        Files.setLastModifiedTime(file, OLD);
        assertThrows(
                IOException.class,
                () -> known.hashAndSync(file, damaged -> {
                    throw new IOException("a block does not match its checksum");
                }));
        changeInPlace("CONTENT", OLD);
        assertEquals(ContentHash.of(file), hash(file));
    }

    /** The hash of a checkpoint that matched is that of the sound file, also once the file has rotted. */
    @Test
    void aFileThatMatchedItsManifestKeepsThatHash() throws IOException {
        Files.setLastModifiedTime(file, OLD);
        Bytes sound = ContentHash.of(file);
        assertTrue(known.matches(file, sound));
        changeInPlace("CONTENT", OLD);
        assertFalse(known.matches(file, sound));
        assertEquals(sound, hash(file));
    }
}
