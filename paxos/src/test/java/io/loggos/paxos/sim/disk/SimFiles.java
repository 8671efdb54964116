package io.loggos.paxos.sim.disk;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import io.loggos.internal.files.DurableFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The files of a simulated node, in memory. */
public final class SimFiles {
    private final FileSystem files = Jimfs.newFileSystem(
            Configuration.unix().toBuilder().setMaxCacheSize(0).build());

    /** The data directory. */
    public Path root() {
        return files.getPath("/data");
    }

    public Path checkpoints() {
        return root().resolve("checkpoints");
    }

    /** Deletes all checkpoints. */
    public void deleteCheckpoints() {
        try {
            DurableFiles.deleteTree(checkpoints());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Flips a bit of some file of the checkpoints. Returns the file; null if all are empty or there is none. */
    public @Nullable Path rotCheckpoint(RandomGenerator random) {
        if (!Files.exists(checkpoints())) {
            return null;
        }
        try (Stream<Path> walk = Files.walk(checkpoints())) {
            List<Path> all = walk.filter(Files::isRegularFile).sorted().toList();
            if (all.isEmpty()) {
                return null;
            }
            Path file = all.get(random.nextInt(all.size()));
            byte[] bytes = Files.readAllBytes(file);
            if (bytes.length == 0) {
                return null;
            }
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            Files.write(file, bytes);
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
