package io.loggos.snapshot.wire;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.group.ViewId;
import io.loggos.api.snapshot.SnapshotId;
import io.loggos.internal.codec.ByteReader;
import io.loggos.internal.codec.ByteWriter;
import io.loggos.internal.codec.MalformedException;
import io.loggos.multicast.ProtocolTag;
import io.loggos.snapshot.core.SnapshotMessage;
import io.loggos.snapshot.core.SnapshotMessage.Abort;
import io.loggos.snapshot.core.SnapshotMessage.Complete;
import io.loggos.snapshot.core.SnapshotMessage.Delete;
import io.loggos.snapshot.core.SnapshotMessage.Kept;
import io.loggos.snapshot.core.SnapshotMessage.Lost;
import io.loggos.snapshot.core.SnapshotMessage.Marker;
import io.loggos.snapshot.core.SnapshotMessage.Recorded;
import io.loggos.snapshot.core.SnapshotMessage.Refused;

/** Encodes and decodes messages about snapshots: channel, version, type, id, then the fields in their order. */
public final class SnapshotCodec {
    private static final int VERSION = 2;
    private static final int MARKER = 1;
    private static final int REFUSED = 2;
    private static final int RECORDED = 3;
    private static final int KEPT = 4;
    private static final int COMPLETE = 5;
    private static final int ABORT = 6;
    private static final int DELETE = 7;
    private static final int LOST = 8;
    private static final int LONGEST_REASON = 1_000;

    private SnapshotCodec() {}

    /** Encodes a message. */
    public static Bytes encode(SnapshotMessage message) {
        Encoder encoder = new Encoder();
        message.dispatch(message.id().initiator(), encoder);
        return encoder.writer.toBytes();
    }

    /**
     * Decodes a message.
     *
     * @throws MalformedException if the bytes are none
     */
    public static SnapshotMessage decode(Bytes bytes) {
        ByteReader reader = new ByteReader(bytes);
        int channel = reader.getByte();
        int version = reader.getByte();
        if (channel != ProtocolTag.SNAPSHOT.code() || version != VERSION) {
            throw new MalformedException("message of channel " + channel + ", version " + version);
        }
        int type = reader.getByte();
        SnapshotMessage message = message(type, readId(reader), reader);
        reader.end();
        return message;
    }

    private static SnapshotMessage message(int type, SnapshotId id, ByteReader reader) {
        return switch (type) {
            case MARKER ->
                new Marker(
                        id,
                        new ViewId(reader.getLong(), reader.getNode(), reader.getLong()),
                        positive(reader.getLong()));
            case REFUSED -> new Refused(id, reader.getText());
            case RECORDED -> new Recorded(id, reader.getBytes(), reader.getCount(), reader.getCount());
            case KEPT -> new Kept(id);
            case LOST -> new Lost(id, reader.getText());
            case COMPLETE ->
                new Complete(id, reader.getBytes(), (int) Math.min(Integer.MAX_VALUE, positive(reader.getInt())));
            case ABORT -> new Abort(id, reader.getText());
            case DELETE -> new Delete(id);
            default -> throw new MalformedException("message of type " + type);
        };
    }

    /** Reads what {@link #writeId} wrote. */
    static SnapshotId readId(ByteReader reader) {
        return new SnapshotId(reader.getNode(), reader.getCount(), positive(reader.getLong()));
    }

    static ByteWriter writeId(ByteWriter writer, SnapshotId id) {
        return writer.putInt(id.initiator().value()).putLong(id.life()).putLong(id.number());
    }

    private static long positive(long value) {
        if (value < 1) {
            throw new MalformedException(value + " where a number from 1 is expected");
        }
        return value;
    }

    private static final class Encoder implements SnapshotMessage.Handler {
        private final ByteWriter writer = new ByteWriter(64);

        private ByteWriter begin(int type, SnapshotId id) {
            return writeId(
                    writer.putByte(ProtocolTag.SNAPSHOT.code()).putByte(VERSION).putByte(type), id);
        }

        @Override
        public void onMarker(NodeId from, Marker marker) {
            begin(MARKER, marker.id())
                    .putLong(marker.view().counter())
                    .putInt(marker.view().coordinator().value())
                    .putLong(marker.view().life())
                    .putLong(marker.number());
        }

        @Override
        public void onRefused(NodeId from, Refused refused) {
            begin(REFUSED, refused.id()).putText(shortened(refused.reason()));
        }

        @Override
        public void onRecorded(NodeId from, Recorded recorded) {
            begin(RECORDED, recorded.id())
                    .putBytes(recorded.sha256())
                    .putLong(recorded.sizeBytes())
                    .putLong(recorded.newest());
        }

        @Override
        public void onKept(NodeId from, Kept kept) {
            begin(KEPT, kept.id());
        }

        @Override
        public void onLost(NodeId from, Lost lost) {
            begin(LOST, lost.id()).putText(shortened(lost.reason()));
        }

        @Override
        public void onComplete(Complete complete) {
            begin(COMPLETE, complete.id()).putBytes(complete.manifest()).putInt(complete.retained());
        }

        @Override
        public void onAbort(Abort abort) {
            begin(ABORT, abort.id()).putText(shortened(abort.reason()));
        }

        @Override
        public void onDelete(Delete delete) {
            begin(DELETE, delete.id());
        }

        private static String shortened(String reason) {
            return reason.length() <= LONGEST_REASON ? reason : reason.substring(0, LONGEST_REASON);
        }
    }
}
