package io.loggos.multicast.wire;

import io.loggos.api.Bytes;
import io.loggos.internal.codec.ByteWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * Collects the messages of one data frame.
 *
 * <p>A message comes as a head and a body, which are listed and not copied. All sizes stand in front, so a frame of n
 * messages consists of one small piece and 2n pieces of the caller's.
 */
public final class DataFrame {
    private static final int HEADER_BYTES = 2 + 8 + 8 + 8 + 4;
    private static final int SIZE_BYTES = 4;

    private final long generation;
    private final long first;
    private final long syncedWrites;
    private final List<Bytes> pieces = new ArrayList<>();
    private int size = HEADER_BYTES;

    /** @param syncedWrites as in {@link Frame.Data} */
    public DataFrame(long generation, long first, long syncedWrites) {
        this.generation = generation;
        this.first = first;
        this.syncedWrites = syncedWrites;
    }

    /** Size in bytes of a frame that holds one message of this many bytes. */
    public static long sizeOf(long messageBytes) {
        return HEADER_BYTES + SIZE_BYTES + messageBytes;
    }

    /** True if the frame stays within a limit with such a message added. */
    public boolean fits(long messageBytes, int limitBytes) {
        return (long) size + SIZE_BYTES + messageBytes <= limitBytes;
    }

    public void add(Bytes head, Bytes body) {
        size = Math.addExact(size, SIZE_BYTES + head.size() + body.size());
        pieces.add(head);
        pieces.add(body);
    }

    /** Number of messages in the frame. */
    public int count() {
        return pieces.size() / 2;
    }

    /** The size of the whole frame in bytes. */
    public int size() {
        return size;
    }

    /** Returns the frame in pieces. */
    public List<Bytes> toPieces() {
        ByteWriter front = FrameCodec.begin(FrameCodec.DATA, HEADER_BYTES + SIZE_BYTES * count())
                .putLong(generation)
                .putLong(first)
                .putLong(syncedWrites)
                .putInt(count());
        for (int i = 0; i < pieces.size(); i += 2) {
            front.putInt(pieces.get(i).size() + pieces.get(i + 1).size());
        }
        List<Bytes> frame = new ArrayList<>(1 + pieces.size());
        frame.add(front.toBytes());
        for (Bytes piece : pieces) {
            if (!piece.isEmpty()) {
                frame.add(piece);
            }
        }
        return frame;
    }
}
