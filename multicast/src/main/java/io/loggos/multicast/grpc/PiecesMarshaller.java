package io.loggos.multicast.grpc;

import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import io.loggos.api.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * Marshals messages as pieces of bytes.
 *
 * <p>Outgoing pieces are written straight into gRPC's buffers. An incoming message is read into exactly one array, so
 * it comes as one piece.
 */
final class PiecesMarshaller implements MethodDescriptor.Marshaller<List<Bytes>> {
    static final PiecesMarshaller INSTANCE = new PiecesMarshaller();

    private PiecesMarshaller() {}

    @Override
    public InputStream stream(List<Bytes> pieces) {
        return new PiecesStream(pieces);
    }

    @Override
    public List<Bytes> parse(InputStream stream) {
        try {
            if (stream instanceof KnownLength) {
                byte[] array = new byte[stream.available()];
                int read = stream.readNBytes(array, 0, array.length);
                return List.of(Bytes.wrap(array, 0, read));
            }
            return List.of(Bytes.wrap(stream.readAllBytes()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The pieces, one after the other. */
    private static final class PiecesStream extends InputStream implements KnownLength, Drainable {
        private final List<Bytes> pieces;
        private int piece;
        /** Number of bytes of the present piece that were read. */
        private int offset;

        PiecesStream(List<Bytes> pieces) {
            this.pieces = pieces;
        }

        @Override
        public int available() {
            int left = -offset;
            for (int i = piece; i < pieces.size(); i++) {
                left = Math.addExact(left, pieces.get(i).size());
            }
            return left;
        }

        @Override
        public int drainTo(OutputStream target) throws IOException {
            int drained = 0;
            for (; piece < pieces.size(); piece++, offset = 0) {
                Bytes present = pieces.get(piece);
                int length = present.size() - offset;
                target.write(present.backingArray(), present.backingOffset() + offset, length);
                drained += length;
            }
            return drained;
        }

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] to, int from, int length) {
            while (piece < pieces.size() && offset == pieces.get(piece).size()) {
                piece++;
                offset = 0;
            }
            if (piece == pieces.size()) {
                return -1;
            }
            Bytes present = pieces.get(piece);
            int taken = Math.min(length, present.size() - offset);
            System.arraycopy(present.backingArray(), present.backingOffset() + offset, to, from, taken);
            offset += taken;
            return taken;
        }
    }
}
