package io.loggos.multicast.runtime.node;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.snapshot.cut.InFlight;
import io.loggos.internal.codec.ByteReader;
import io.loggos.internal.codec.ByteWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Encodes and decodes messages that a group had in flight: the members, then sender, receiver and message of each. */
public final class RestoredMessagesCodec {
    private static final int LEAST_MESSAGE_BYTES = 4 + 4 + 4;

    private RestoredMessagesCodec() {}

    /** Writes messages. */
    public static void write(Restored.Messages messages, ByteWriter out) {
        out.putInt(messages.members().size());
        messages.members().forEach(member -> out.putInt(member.value()));
        out.putInt(messages.inFlight().size());
        for (InFlight<Bytes> each : messages.inFlight()) {
            out.putInt(each.from().value()).putInt(each.to().value()).putBytes(each.message());
        }
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws io.loggos.internal.codec.MalformedException if it is something else
     */
    public static Restored.Messages read(ByteReader in) {
        TreeSet<NodeId> members = new TreeSet<>();
        for (int left = in.getElementCount(4); left > 0; left--) {
            members.add(in.getNode());
        }
        int count = in.getElementCount(LEAST_MESSAGE_BYTES);
        List<InFlight<Bytes>> inFlight = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            inFlight.add(new InFlight<>(in.getNode(), in.getNode(), in.getBytes()));
        }
        return new Restored.Messages(members, inFlight);
    }
}
