package io.loggos.storage.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Bytes;
import io.loggos.api.LogId;
import io.loggos.api.spi.CheckpointManifest;
import io.loggos.api.spi.CheckpointManifest.CheckpointFile;
import io.loggos.internal.codec.MalformedException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointManifestCodecTest {
    private static final LogId LOG = LogId.ofName("orders");
    private static final Bytes HASH = Bytes.wrap(new byte[32]);

    private static CheckpointFile file(String name, long size) {
        return new CheckpointFile(name, size, HASH);
    }

    private static CheckpointManifest describe(CheckpointFile... files) {
        return CheckpointManifestCodec.describe(LOG, 42, Bytes.utf8("state"), List.of(files));
    }

    @Test
    void whatIsEncodedIsDecoded() {
        for (CheckpointManifest manifest : List.of(
                describe(),
                describe(file("a", 0)),
                describe(file("Grüße", Long.MAX_VALUE)),
                describe(file("000012.sst", 17), file("MANIFEST", 4), file("manifest", 5)))) {
            assertEquals(manifest, CheckpointManifestCodec.decode(CheckpointManifestCodec.encode(manifest)));
        }
    }

    @Test
    void theHashNamesTheContent() {
        CheckpointManifest manifest = describe(file("a", 1));
        assertEquals(manifest.hash(), describe(file("a", 1)).hash());
        assertTrue(!manifest.hash().equals(describe(file("a", 2)).hash()));
        assertTrue(!manifest.hash().equals(describe(file("b", 1)).hash()));
        CheckpointManifest other =
                new CheckpointManifest(LOG, 43, manifest.replicaState(), manifest.files(), manifest.hash());
        Bytes bytes = CheckpointManifestCodec.encode(other);
        assertThrows(MalformedException.class, () -> CheckpointManifestCodec.decode(bytes));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a/b", "/a", "a\\b", "../a", "a\u0000b", "a\nb", "c:", "\uFFFD"})
    void aNameThatIsNotPlainIsRefused(String name) {
        assertThrows(MalformedException.class, () -> describe(file(name, 1)));
    }

    @Test
    void otherRulesAreCheckedToo() {
        assertThrows(MalformedException.class, () -> describe(file("x".repeat(256), 1)));
        assertThrows(MalformedException.class, () -> describe(file("ü".repeat(128), 1)));
        assertThrows(MalformedException.class, () -> describe(file("b", 1), file("a", 1)));
        assertThrows(MalformedException.class, () -> describe(file("a", 1), file("a", 1)));
        assertThrows(MalformedException.class, () -> describe(file("a", -1)));
        assertThrows(MalformedException.class, () -> describe(file("a", Long.MAX_VALUE), file("b", 1)));
        assertThrows(MalformedException.class, () -> describe(new CheckpointFile("a", 1, Bytes.EMPTY)));
        List<CheckpointFile> many = new ArrayList<>();
        for (int i = 0; i <= CheckpointManifestCodec.MAX_FILES; i++) {
            many.add(file(String.format(Locale.ROOT, "%05d", i), 1));
        }
        assertThrows(MalformedException.class, () -> CheckpointManifestCodec.describe(LOG, 1, Bytes.EMPTY, many));
        assertEquals(
                CheckpointManifestCodec.MAX_FILES,
                CheckpointManifestCodec.describe(LOG, 1, Bytes.EMPTY, many.subList(1, many.size()))
                        .files()
                        .size());
    }

    /** Bytes with one flipped bit, or of another length, are refused by a {@link MalformedException}. */
    @Test
    void garbledBytesAreRefused() {
        CheckpointManifest manifest = describe(file("a", 1), file("b", 1L << 40));
        byte[] sound = CheckpointManifestCodec.encode(manifest).toByteArray();
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < 20_000; i++) {
            byte[] garbled = sound.clone();
            garbled[random.nextInt(garbled.length)] ^= (byte) (1 << random.nextInt(8));
            int length = random.nextInt(4) == 0 ? random.nextInt(garbled.length) : garbled.length;
            Bytes bytes = Bytes.wrap(garbled, 0, length);
            assertThrows(MalformedException.class, () -> CheckpointManifestCodec.decode(bytes));
        }
        byte[] longer = Arrays.copyOf(sound, sound.length + 1);
        assertThrows(MalformedException.class, () -> CheckpointManifestCodec.decode(Bytes.wrap(longer)));
    }
}
