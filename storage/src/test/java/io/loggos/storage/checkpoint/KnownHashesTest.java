package io.loggos.storage.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

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

    private void changeInPlace(String content, FileTime changed) throws IOException {
        Files.writeString(file, content, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
        Files.setLastModifiedTime(file, changed);
    }

    @Test
    void aFileUnderAnotherNameIsNotReadAgain() throws IOException {
        Files.setLastModifiedTime(file, OLD);
        Bytes hash = known.syncAndHash(file);
        assertEquals(ContentHash.of(file), hash);
        Path link = Files.createLink(directory.resolve("b.sst"), file);
        changeInPlace("CONTENT", OLD); // changes no attribute of the file
        assertEquals(hash, known.syncAndHash(link));
    }

    @Test
    void aFileThatHasChangedIsHashedAnew() throws IOException {
        Files.setLastModifiedTime(file, OLD);
        Bytes hash = known.syncAndHash(file);
        changeInPlace("CONTENT", FileTime.from(NOW.minusSeconds(59)));
        Bytes later = known.syncAndHash(file);
        assertEquals(ContentHash.of(file), later);
        assertNotEquals(hash, later);
        changeInPlace("longer content", OLD);
        assertEquals(ContentHash.of(file), known.syncAndHash(file));
        Path other = directory.resolve("c.sst");
        Files.writeString(other, "cOntent");
        Files.setLastModifiedTime(other, OLD);
        assertEquals(ContentHash.of(other), known.syncAndHash(other));
    }

    /** A file that replaces a recently modified one may have the same modification time. */
    @Test
    void aFileThatChangedJustNowIsHashedAnew() throws IOException {
        FileTime now = FileTime.from(NOW.minusMillis(5));
        Files.setLastModifiedTime(file, now);
        known.syncAndHash(file);
        changeInPlace("CONTENT", now);
        assertEquals(ContentHash.of(file), known.syncAndHash(file));
    }

    @Test
    void aWholeSecondIsTakenForAllThatTheFileSystemKeeps() throws IOException {
        FileTime second = FileTime.from(NOW.minusSeconds(1));
        Files.setLastModifiedTime(file, second);
        known.syncAndHash(file);
        changeInPlace("CONTENT", second);
        assertEquals(ContentHash.of(file), known.syncAndHash(file));
    }
}
