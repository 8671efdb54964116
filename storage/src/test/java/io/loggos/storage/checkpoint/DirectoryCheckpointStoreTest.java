package io.loggos.storage.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Bytes;
import io.loggos.api.StorageException;
import io.loggos.api.replica.CheckpointWriter;
import io.loggos.api.spi.CheckpointManifest;
import io.loggos.api.spi.CheckpointManifest.CheckpointFile;
import io.loggos.api.spi.CheckpointStore;
import io.loggos.internal.codec.MalformedException;
import io.loggos.storage.testkit.CheckpointStoreContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract, and the handling of interruption and corruption in directories (RULES.md F-5 to F-7, F-15). */
class DirectoryCheckpointStoreTest extends CheckpointStoreContract {
    @TempDir
    Path temporary;

    @Override
    protected CheckpointStore open() {
        return new DirectoryCheckpointStore(temporary.resolve("here"));
    }

    @Override
    protected CheckpointStore openSource() {
        return new DirectoryCheckpointStore(temporary.resolve("there"));
    }

    private Path logDirectory() {
        return temporary.resolve("here").resolve(String.format(Locale.ROOT, "%016x", LOG.value()));
    }

    private List<String> names() throws IOException {
        try (Stream<Path> children = Files.list(logDirectory())) {
            return children.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    private static void flip(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
    }

    @Test
    void whatAnInterruptedWriterLeftIsRemovedAtTheNextStart() throws IOException {
        CheckpointManifest written = write(open(), LOG, 5);
        Path leftover = logDirectory().resolve("writing-6").resolve("files");
        Files.createDirectories(leftover);
        Files.writeString(leftover.resolve("half"), "half");
        assertEquals(Optional.of(written), open().newest(LOG));
        assertEquals(List.of("00000000000000000005"), names());
    }

    @Test
    void whatSomebodyElsePutBesideTheLogsIsLeftAlone() throws IOException {
        CheckpointManifest written = write(open(), LOG, 5);
        Path root = logDirectory().getParent();
        Files.writeString(root.resolve("notes.txt"), "not a directory");
        Path lost = Files.createDirectories(root.resolve("lost+found").resolve("writing-1"));
        assertEquals(Optional.of(written), open().newest(LOG));
        assertTrue(Files.exists(lost));
    }

    @Test
    void digitsOfTheDefaultLocaleAreNotUsed() throws IOException {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("fa-u-nu-arabext"));
        try {
            CheckpointManifest written = write(open(), LOG, 5);
            assertEquals(Optional.of(written), open().newest(LOG));
            assertEquals(List.of("00000000000000000005"), names());
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void aWriterThatFailsLeavesNothing() throws IOException {
        CheckpointStore store = open();
        assertThrows(
                IOException.class,
                () -> store.write(LOG, 6, Bytes.EMPTY, directory -> {
                    Files.writeString(directory.resolve("half"), "half");
                    throw new IOException("no more");
                }));
        assertEquals(List.of(), names());
    }

    /** Crash points K4 and K5: the new checkpoint is visible, and the one it supersedes is not yet removed. */
    @Test
    void removalOfTheOldIsResumed() throws IOException {
        CheckpointStore store = open();
        write(store, LOG, 1);
        CheckpointManifest second = write(store, LOG, 2);
        CheckpointManifest third = write(store, LOG, 3);
        Path superseded = logDirectory().resolve("00000000000000000001");
        Files.createDirectories(superseded.resolve("files")); // the manifest is deleted already
        store = open();
        assertEquals(Optional.of(third), store.newest(LOG));
        assertEquals(Optional.of(second), store.previous(LOG));
        write(store, LOG, 4);
        assertEquals(List.of("00000000000000000003", "00000000000000000004"), names());
    }

    @Test
    void aRottenFileMakesTheOneBeforeTheNewest() throws IOException {
        CheckpointStore store = open();
        CheckpointManifest first = write(store, LOG, 5);
        CheckpointManifest second = write(store, LOG, 6);
        flip(store.directory(second).resolve("a-table"));
        assertEquals(Optional.of(first), store.newest(LOG));
        assertEquals(Optional.empty(), store.previous(LOG));
        assertEquals(List.of("00000000000000000005", "rotten-6"), names());
        CheckpointManifest again = write(store, LOG, 6);
        assertEquals(second, again);
        assertEquals(Optional.of(again), store.newest(LOG));
        assertEquals(List.of("00000000000000000005", "00000000000000000006"), names());
    }

    /**
     * A writer may link a file of an earlier checkpoint. Its hash is not computed again, but verification still reads
     * it.
     */
    @Test
    void aLinkedFileThatRottedIsNotTakenForSound() throws IOException {
        Path table = Files.writeString(temporary.resolve("table"), "rows".repeat(1000));
        FileTime written = FileTime.from(Instant.now().minusSeconds(60));
        Files.setLastModifiedTime(table, written);
        CheckpointWriter linking = directory -> {
            Files.createLink(directory.resolve("table"), table);
            Files.writeString(directory.resolve("names"), "of " + directory);
        };
        CheckpointStore store = open();
        CheckpointManifest first = store.write(LOG, 5, Bytes.EMPTY, linking);
        CheckpointManifest second = store.write(LOG, 6, Bytes.EMPTY, linking);
        assertEquals(first.files().get(1), second.files().get(1));
        assertNotEquals(first.files().get(0), second.files().get(0));
        assertEquals(Optional.of(second), store.newest(LOG));
        flip(table);
        Files.setLastModifiedTime(table, written); // corruption changes no modification time
        store.write(LOG, 7, Bytes.EMPTY, linking);
        assertEquals(Optional.empty(), store.newest(LOG));
    }

    @Test
    void aLinkedFileThatGrewIsHashedAnew() throws IOException {
        Path table = Files.writeString(temporary.resolve("table"), "rows");
        CheckpointWriter linking = directory -> Files.createLink(directory.resolve("table"), table);
        CheckpointStore store = open();
        store.write(LOG, 5, Bytes.EMPTY, linking);
        Files.writeString(table, " and more", StandardOpenOption.APPEND);
        CheckpointManifest second = store.write(LOG, 6, Bytes.EMPTY, linking);
        assertEquals(Optional.of(second), store.newest(LOG));
    }

    @Test
    void aRottenManifestAMissingFileAndAnAddedOneAreNoticed() throws IOException {
        CheckpointStore store = open();
        CheckpointManifest first = write(store, LOG, 5);
        write(store, LOG, 6);
        flip(logDirectory().resolve("00000000000000000006").resolve("manifest"));
        assertEquals(Optional.of(first), store.newest(LOG));
        CheckpointManifest second = write(store, LOG, 6);
        Files.delete(store.directory(second).resolve("empty"));
        assertEquals(Optional.of(first), store.newest(LOG));
        second = write(store, LOG, 6);
        Files.createFile(store.directory(second).resolve("more"));
        assertEquals(Optional.of(first), store.newest(LOG));
        flip(store.directory(first).resolve("b-table"));
        assertEquals(Optional.empty(), store.newest(LOG));
    }

    @Test
    void anUnusableRootIsRefused() throws IOException {
        Path file = temporary.resolve("file");
        Files.createFile(file);
        StorageException refusal =
                assertThrows(StorageException.class, () -> new DirectoryCheckpointStore(file.resolve("below")));
        assertEquals(StorageException.Kind.IO, refusal.kind());
    }

    @Test
    void aManifestThatLiesIsNotReceived() throws IOException {
        CheckpointManifest offered = write(openSource(), LOG, 9);
        CheckpointStore store = open();
        CheckpointFile escaping =
                new CheckpointFile("../escaped", 5, offered.files().get(0).contentHash());
        CheckpointManifest lie = new CheckpointManifest(LOG, 9, Bytes.EMPTY, List.of(escaping), offered.hash());
        assertThrows(MalformedException.class, () -> store.receive(lie));
        CheckpointManifest renamed =
                new CheckpointManifest(LOG, 10, offered.replicaState(), offered.files(), offered.hash());
        assertThrows(MalformedException.class, () -> store.receive(renamed));
        assertFalse(Files.exists(logDirectory()));
        assertTrue(Files.exists(temporary.resolve("here")));
    }

    @Test
    void tooLongLeftoversOfAnIncomingFileAreTruncated() throws IOException {
        CheckpointManifest offered = write(openSource(), LOG, 9);
        CheckpointStore store = open();
        store.receive(offered).close();
        Path incoming = logDirectory().resolve(names().get(0)).resolve("files").resolve("b-table");
        Files.write(incoming, new byte[5000]);
        try (CheckpointStore.Incoming again = store.receive(offered)) {
            assertEquals(0, again.received("b-table"));
        }
    }

    /** RULES.md O-5: a file that rotted between its writing and its first hash gets no valid hash. */
    @Test
    void aFileThatIsDamagedBeforeItsFirstHashMakesNoCheckpoint() throws IOException {
        CheckpointStore store = open();
        CheckpointManifest sound = write(store, LOG, 5);
        CheckpointWriter damaged = new CheckpointWriter() {
            @Override
            public void writeTo(Path directory) throws IOException {
                Files.writeString(directory.resolve("table"), "r0ws");
            }

            @Override
            public void verify(Path file) throws IOException {
                throw new IOException(file.getFileName() + " does not match its checksum");
            }
        };
        IOException refused = assertThrows(IOException.class, () -> store.write(LOG, 6, Bytes.EMPTY, damaged));
        assertEquals("table does not match its checksum", refused.getMessage());
        assertEquals(Optional.of(sound), store.newest(LOG));
        assertEquals(List.of("00000000000000000005"), names());
    }

    /** RULES.md O-5: what was sound at the start keeps its hash, so damage after the start is found later. */
    @Test
    void aLinkedFileThatRotsAfterTheStartIsNotHashedAnew() throws IOException {
        Path table = Files.writeString(temporary.resolve("table"), "rows".repeat(1000));
        FileTime written = FileTime.from(Instant.now().minusSeconds(60));
        Files.setLastModifiedTime(table, written);
        CheckpointWriter linking = directory -> Files.createLink(directory.resolve("table"), table);
        open().write(LOG, 5, Bytes.EMPTY, linking);
        CheckpointStore restarted = open();
        assertTrue(restarted.newest(LOG).isPresent());
        flip(table);
        Files.setLastModifiedTime(table, written);
        restarted.write(LOG, 6, Bytes.EMPTY, linking);
        assertEquals(Optional.empty(), restarted.newest(LOG));
    }

    @Test
    void aCheckpointThatIsSetAsideMakesRoomForAnotherOfTheSameSlot() throws IOException {
        CheckpointStore store = open();
        CheckpointManifest first = write(store, LOG, 5);
        CheckpointManifest second = write(store, LOG, 6);
        assertEquals(List.of(second, first), store.kept(LOG));
        store.setAside(second);
        assertEquals(List.of(first), store.kept(LOG));
        assertEquals(second, write(store, LOG, 6));
    }

    @Test
    void anUnfinishedCheckpointIsNamedAfterARestart() throws IOException {
        CheckpointManifest offered = write(openSource(), LOG, 9);
        CheckpointStore store = open();
        assertEquals(Optional.empty(), store.unfinished(LOG));
        store.receive(offered).close();
        assertEquals(Optional.of(offered), open().unfinished(LOG));
        flip(logDirectory().resolve(names().get(0)).resolve("manifest"));
        assertEquals(Optional.empty(), open().unfinished(LOG));
    }
}
