package io.loggos.api.spi;

import io.loggos.api.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/**
 * The hash by which the content of a file is checked: the SHA-256 of the checksums of its pieces and of its length. A piece is
 * {@value #PIECE_BYTES} bytes, the last one what is left; its checksum is its CRC-32C and its CRC-32, two different
 * polynomials: a piece that rotted goes unnoticed once in 2<sup>64</sup> times. It costs a third of a SHA-256 of the
 * content, which is the greater part of what a checkpoint costs.
 *
 * <p>It finds what rotted, was cut off or was mistaken for another file. It does not find what somebody forged: a CRC
 * can be met on purpose.
 */
public final class ContentHash {
    /** The size of a hash. */
    public static final int BYTES = Sha256.BYTES;

    static final int PIECE_BYTES = 1 << 16;

    private ContentHash() {}

    /** The hash of a file. */
    public static Bytes of(Path file) throws IOException {
        MessageDigest digest = Sha256.digest();
        CRC32C castagnoli = new CRC32C();
        CRC32 ethernet = new CRC32();
        ByteBuffer piece = ByteBuffer.allocate(PIECE_BYTES);
        ByteBuffer number = ByteBuffer.allocate(Long.BYTES);
        long length = 0;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            while (fill(piece.clear(), channel)) {
                length += piece.position();
                castagnoli.reset();
                castagnoli.update(piece.array(), 0, piece.position());
                ethernet.reset();
                ethernet.update(piece.array(), 0, piece.position());
                number.clear().putInt((int) castagnoli.getValue()).putInt((int) ethernet.getValue());
                digest.update(number.flip());
            }
        }
        digest.update(number.clear().putLong(length).flip());
        return Bytes.wrap(digest.digest());
    }

    /** Reads as much as there is room for; returns whether there was anything. */
    private static boolean fill(ByteBuffer piece, FileChannel channel) throws IOException {
        while (piece.hasRemaining() && channel.read(piece) >= 0) {
            // A read may return less than there is.
        }
        return piece.position() > 0;
    }
}
