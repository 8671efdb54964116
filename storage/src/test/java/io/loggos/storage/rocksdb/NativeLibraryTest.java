package io.loggos.storage.rocksdb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.internal.files.DurableFiles;
import io.loggos.testkit.JavaCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.WriteOptions;

/** Processes that load the library and are killed. */
class NativeLibraryTest {
    private static final int LOADED = 7;
    private static final int REFUSED = 8;

    @TempDir
    private Path directory;

    /** Loads the library, uses it, and ends as if it was killed. */
    static final class Program {
        private Program() {}

        public static void main(String[] arguments) {
            int code = REFUSED;
            try {
                NativeLibrary.load();
                new WriteOptions().close();
                code = LOADED;
            } catch (RuntimeException e) {
                System.out.println(e.getMessage());
            }
            System.out.flush();
            Runtime.getRuntime().halt(code);
        }
    }

    private int run(Path temporary, Path output) throws IOException, InterruptedException {
        return new ProcessBuilder(JavaCommand.with(
                        "-Djava.io.tmpdir=" + temporary,
                        "-XX:TieredStopAtLevel=1",
                        "-XX:-UsePerfData",
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Program.class.getName()))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start()
                .waitFor();
    }

    @Test
    void aKilledProcessLeavesNoFile() throws Exception {
        Path temporary = Files.createDirectories(directory.resolve("tmp"));
        Path output = directory.resolve("output");
        assertEquals(LOADED, run(temporary, output), () -> read(output));
        assertEquals(List.of(), DurableFiles.list(temporary));
    }

    @Test
    void theSettingThatHelpsIsNamed() throws Exception {
        Path output = directory.resolve("output");
        assertEquals(REFUSED, run(directory.resolve("no such directory"), output), () -> read(output));
        assertTrue(read(output).contains("ROCKSDB_SHAREDLIB_DIR or with -Djava.io.tmpdir"), () -> read(output));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
