package io.loggos.examples.server.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.node.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The directory of exports may hold files that are not the server's, like any other that an operator names. */
class SnapshotServiceTest {
    @TempDir
    private Path directory;

    private List<String> startIn(Path exports) throws IOException {
        try (Node node = Node.builder()
                        .id(1)
                        .listen("127.0.0.1:0")
                        .dataDirectory(directory.resolve("data"))
                        .open();
                SnapshotService started = new SnapshotService(node, exports);
                Stream<Path> left = Files.walk(exports)) {
            assertTrue(started.bindService().getMethods().size() > 0);
            return left.filter(path -> !path.equals(exports))
                    .map(path -> exports.relativize(path).toString())
                    .sorted()
                    .toList();
        }
    }

    @Test
    void startDeletesLeftoversOfExportsAndNothingElse() throws Exception {
        Path exports = Files.createDirectories(directory.resolve("exports"));
        Files.createDirectories(exports.resolve(".loggos-export-123/checkpoints/1"));
        Files.writeString(exports.resolve(".loggos-export-123/checkpoints/1/state"), "half of it");
        Files.createDirectories(exports.resolve("loggos-export-2026/logs"));
        Files.writeString(exports.resolve("loggos-export-2026/logs/a"), "an operator's copy");
        Files.writeString(exports.resolve("notes.txt"), "not ours");
        Files.createDirectories(exports.resolve("lost+found"));
        assertEquals(
                List.of(
                        "loggos-export-2026",
                        "loggos-export-2026/logs",
                        "loggos-export-2026/logs/a",
                        "lost+found",
                        "notes.txt"),
                startIn(exports));
    }

    /** A link with such a name is deleted, and not what it names. */
    @Test
    void startFollowsNoLink() throws Exception {
        Path exports = Files.createDirectories(directory.resolve("exports"));
        Path elsewhere = Files.createDirectories(directory.resolve("elsewhere"));
        Files.writeString(elsewhere.resolve("kept"), "not ours");
        Files.createSymbolicLink(exports.resolve(".loggos-export-9"), elsewhere);
        assertEquals(List.of(), startIn(exports));
        assertTrue(Files.exists(elsewhere.resolve("kept")));
    }
}
