package io.loggos.paxos.sim;

import io.loggos.internal.files.DurableFiles;
import io.loggos.storage.testkit.MemoryAcceptorLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A copy of the disk and the files of a node, such as an image of a machine, which may be put back later. */
public final class OlderCopy {
    private final SimCluster cluster;
    private final SimNode node;
    private final MemoryAcceptorLog disk;
    private final Path files;

    /** Copies everything as it is now. The node may run. */
    public OlderCopy(SimCluster cluster, SimNode node, int number) {
        this.cluster = cluster;
        this.node = node;
        cluster.trace(node.id, () -> "is copied");
        disk = node.disk().copy();
        files = node.root().resolveSibling("copy-" + number);
        copyTree(node.root(), files);
    }

    /** Replaces everything by the copy, while the node is down. */
    public void putBack() {
        cluster.trace(node.id, () -> "gets an older copy of its disk");
        cluster.fences().putBack(node, disk);
        node.disk().become(disk);
        try {
            DurableFiles.deleteTree(node.root());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        copyTree(files, node.root());
    }

    private static void copyTree(Path from, Path to) {
        try (Stream<Path> walk = Files.walk(from)) {
            List<Path> all = walk.toList();
            for (Path path : all) {
                Files.copy(path, to.resolve(from.relativize(path).toString()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
