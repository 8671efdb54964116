package io.loggos.snapshot.store;

import static io.loggos.snapshot.testkit.Cuts.ONE;
import static io.loggos.snapshot.testkit.Cuts.THREE;
import static io.loggos.snapshot.testkit.Cuts.TWO;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.snapshot.SnapshotId;
import io.loggos.internal.codec.ByteWriter;
import io.loggos.internal.codec.MalformedException;
import io.loggos.snapshot.testkit.Cuts;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SnapshotManifestCodecTest {
    private static final SnapshotManifest.Keeping KEEPING = new SnapshotManifest.Keeping(7, "night");
    private static final SnapshotId ID = new SnapshotId(THREE, Long.MAX_VALUE, 8);
    private static final Instant TIME = Instant.parse("2026-02-03T04:05:06.789012345Z");
    private static final SnapshotManifest MANIFEST =
            SnapshotManifest.of(ID, KEEPING, "shop", Cuts.VIEW, TIME, parts(ONE, TWO, THREE));

    private static SortedMap<NodeId, PartDigest> parts(NodeId... nodes) {
        TreeMap<NodeId, PartDigest> parts = new TreeMap<>();
        for (NodeId node : nodes) {
            parts.put(node, PartDigest.of(Bytes.utf8("the part of " + node)));
        }
        return parts;
    }

    @Test
    void whatIsWrittenIsRead() {
        assertEquals(MANIFEST, SnapshotManifestCodec.decode(SnapshotManifestCodec.encode(MANIFEST)));
    }

    @Test
    void everyFlippedBitIsNoticed() {
        byte[] whole = SnapshotManifestCodec.encode(MANIFEST).toByteArray();
        for (int bit = 0; bit < 8 * whole.length; bit++) {
            byte[] spoiled = whole.clone();
            spoiled[bit / 8] ^= (byte) (1 << bit % 8);
            assertThrows(MalformedException.class, () -> SnapshotManifestCodec.decode(Bytes.wrap(spoiled)));
        }
    }

    @Test
    void whatIsCutShortOrTooLongIsMalformed() {
        Bytes whole = SnapshotManifestCodec.encode(MANIFEST);
        for (int size = 0; size < whole.size(); size++) {
            Bytes part = whole.slice(0, size);
            assertThrows(MalformedException.class, () -> SnapshotManifestCodec.decode(part));
        }
        Bytes longer = new ByteWriter(64).putRaw(whole).putByte(0).toBytes();
        assertThrows(MalformedException.class, () -> SnapshotManifestCodec.decode(longer));
    }

    /** A forger who can compute hashes gets no further. */
    @Test
    void partsAreThoseOfTheMembers() {
        for (SortedMap<NodeId, PartDigest> wrong :
                List.of(parts(ONE, TWO), parts(ONE, TWO, THREE, NodeId.of(4)), parts())) {
            assertThrows(
                    MalformedException.class, () -> SnapshotManifest.of(ID, KEEPING, "shop", Cuts.VIEW, TIME, wrong));
        }
        SortedMap<NodeId, PartDigest> noHash = parts(ONE, TWO, THREE);
        noHash.put(TWO, new PartDigest(Bytes.utf8("no hash"), 4));
        assertThrows(MalformedException.class, () -> SnapshotManifest.of(ID, KEEPING, "shop", Cuts.VIEW, TIME, noHash));
        noHash.put(TWO, new PartDigest(parts(TWO).get(TWO).sha256(), -1));
        assertThrows(MalformedException.class, () -> SnapshotManifest.of(ID, KEEPING, "shop", Cuts.VIEW, TIME, noHash));
    }
}
