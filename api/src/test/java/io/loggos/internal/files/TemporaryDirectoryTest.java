package io.loggos.internal.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.StorageException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemporaryDirectoryTest {
    @TempDir
    private Path parent;

    @Test
    void foreignFilesAreNeverDeleted() throws Exception {
        Path photos = Files.createDirectories(parent.resolve("groups/photos"));
        Path photo = Files.writeString(photos.resolve("one.jpg"), "a photo");
        for (int i = 0; i < 2; i++) {
            StorageException refused =
                    assertThrows(StorageException.class, () -> TemporaryDirectory.empty(parent.resolve("groups")));
            assertEquals(StorageException.Kind.OTHER_IDENTITY, refused.kind());
            assertTrue(refused.getMessage().contains("give another data directory"), refused.getMessage());
        }
        assertEquals("a photo", Files.readString(photo));
        Path file = Files.writeString(parent.resolve("file"), "a file");
        assertThrows(StorageException.class, () -> TemporaryDirectory.empty(file));
        assertEquals("a file", Files.readString(file));
    }

    @Test
    void ownDirectoryIsEmptiedAtEachStart() throws Exception {
        Path own = parent.resolve("data/groups");
        TemporaryDirectory.empty(own);
        for (int i = 0; i < 2; i++) {
            Files.writeString(
                    Files.createDirectories(own.resolve("0123456789abcdef/7")).resolve("state"), "x");
            TemporaryDirectory.empty(own);
            assertEquals(List.of(own.resolve(TemporaryDirectory.MARKER)), DurableFiles.list(own));
        }
        Path empty = Files.createDirectories(parent.resolve("empty"));
        TemporaryDirectory.empty(empty);
        assertEquals(1, DurableFiles.list(empty).size());
    }
}
