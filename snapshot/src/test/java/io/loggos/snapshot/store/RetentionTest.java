package io.loggos.snapshot.store;

import static io.loggos.snapshot.testkit.Cuts.ONE;
import static io.loggos.snapshot.testkit.Cuts.THREE;
import static io.loggos.snapshot.testkit.Cuts.TWO;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.snapshot.SnapshotId;
import io.loggos.api.snapshot.SnapshotInfo;
import io.loggos.snapshot.testkit.Cuts;
import io.loggos.storage.checkpoint.DirectoryCheckpointStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each snapshot belongs to somebody who wants it kept, and its number tells its place among the others. */
class RetentionTest {
    @TempDir
    private Path directory;

    private SnapshotStore store;

    @BeforeEach
    void open() {
        store = SnapshotStore.open(directory, ONE, DirectoryCheckpointStore::new);
    }

    private static SnapshotId id(long number) {
        return new SnapshotId(TWO, 3, number);
    }

    /** Takes a snapshot by the clock of an initiator that is behind those of all before. */
    private void take(long number, String owner, int retained) throws IOException {
        PartDigest part = store.begin(id(number)).finish(Cuts.with(Cuts.good(ONE), List.of()));
        TreeMap<NodeId, PartDigest> parts = new TreeMap<>();
        List.of(TWO, THREE).forEach(node -> parts.put(node, PartDigest.of(Bytes.utf8("the part of " + node))));
        parts.put(ONE, part);
        store.publish(
                SnapshotManifest.of(
                        id(number),
                        new SnapshotManifest.Keeping(number, owner),
                        "shop",
                        Cuts.VIEW,
                        Instant.ofEpochSecond(1_000 - number),
                        parts),
                retained);
    }

    private void assertKept(long... numbers) {
        assertEquals(
                LongStream.of(numbers).mapToObj(RetentionTest::id).toList(),
                store.list().stream().map(SnapshotInfo::id).toList());
    }

    @Test
    void eachOwnerKeepsItsSnapshotsAndLeavesOthersAlone() throws IOException {
        take(1, "application", 4);
        take(2, "application", 4);
        for (long number = 3; number < 8; number++) {
            take(number, "watch", 2);
        }
        assertKept(1, 2, 6, 7);
        assertEquals(7, store.newestNumber());
        take(8, "application", 1);
        assertKept(6, 7, 8);
        open();
        assertKept(6, 7, 8);
    }
}
