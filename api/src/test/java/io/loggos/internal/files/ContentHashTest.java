package io.loggos.internal.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Bytes;
import io.loggos.internal.hash.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContentHashTest {
    private static final int PIECE = ContentHash.PIECE_BYTES;

    @TempDir
    Path directory;

    private Bytes hash(byte[] content) throws IOException {
        return ContentHash.of(Files.write(directory.resolve("file"), content));
    }

    private static byte[] random(int bytes) {
        byte[] content = new byte[bytes];
        new Random(bytes).nextBytes(content);
        return content;
    }

    @Test
    void itIsWhatTheDescriptionSays() throws IOException {
        byte[] content = random(2 * PIECE + 17);
        ByteBuffer hashed = ByteBuffer.allocate(3 * 8 + 8);
        for (int from = 0; from < content.length; from += PIECE) {
            int bytes = Math.min(PIECE, content.length - from);
            CRC32C castagnoli = new CRC32C();
            castagnoli.update(content, from, bytes);
            CRC32 ethernet = new CRC32();
            ethernet.update(content, from, bytes);
            hashed.putInt((int) castagnoli.getValue()).putInt((int) ethernet.getValue());
        }
        hashed.putLong(content.length);
        assertEquals(Bytes.wrap(Sha256.of(hashed.flip())), hash(content));
        assertEquals(ContentHash.BYTES, hash(content).size());
    }

    @Test
    void itDependsOnTheContentAlone() throws IOException {
        byte[] content = random(1000);
        Path other = Files.write(directory.resolve("other"), content);
        assertEquals(hash(content), ContentHash.of(other));
    }

    @Test
    void aFlippedBitAChangedLengthAndPiecesInAnotherOrderAreNoticed() throws IOException {
        byte[] content = random(2 * PIECE);
        Set<Bytes> seen = new HashSet<>(Set.of(hash(content)));
        for (int bit = 0; bit < 8 * content.length; bit += 8191) {
            byte[] flipped = content.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertTrue(seen.add(hash(flipped)), "bit " + bit);
        }
        for (int length : new int[] {0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE - 1, 2 * PIECE + 1}) {
            assertTrue(seen.add(hash(Arrays.copyOf(content, length))), "length " + length);
        }
        byte[] exchanged = new byte[content.length];
        System.arraycopy(content, 0, exchanged, PIECE, PIECE);
        System.arraycopy(content, PIECE, exchanged, 0, PIECE);
        assertTrue(seen.add(hash(exchanged)));
    }

    @Test
    void zerosAreCounted() throws IOException {
        assertNotEquals(hash(new byte[PIECE]), hash(new byte[PIECE + 1]));
        assertNotEquals(hash(new byte[0]), hash(new byte[1]));
    }
}
