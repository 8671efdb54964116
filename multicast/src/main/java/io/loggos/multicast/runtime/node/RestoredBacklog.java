package io.loggos.multicast.runtime.node;

import io.loggos.api.Bytes;
import io.loggos.api.group.View;
import io.loggos.api.snapshot.cut.InFlight;
import io.loggos.internal.codec.ByteReader;
import io.loggos.internal.codec.ByteWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Messages from a snapshot that one group has yet to give to its application. Used in the group's lane. */
public final class RestoredBacklog {
    /** Holds back what the member sends while messages wait. */
    @FunctionalInterface
    public interface Gate {
        void hold(boolean held);
    }

    private final Restored restored;
    private final String group;
    private final Gate gate;
    private Restored.@Nullable Messages messages;

    /** Begins with the messages of a group, which may be none. The gate is told of changes only. */
    public RestoredBacklog(Restored restored, String group, Gate gate) {
        this.restored = restored;
        this.group = group;
        this.gate = gate;
        this.messages = restored.messages(group);
    }

    /** True if messages wait. */
    public boolean waits() {
        return messages != null;
    }

    /** True if messages wait, and all members that the group had in the snapshot are in a view. */
    public boolean isCompleteIn(View view) {
        return messages != null && view.members().containsAll(messages.members());
    }

    /** Takes the messages, which are forgotten on disk. */
    public List<InFlight<Bytes>> take() {
        Restored.Messages taken = messages;
        messages = null;
        restored.forget(group);
        gate.hold(false);
        return taken == null ? List.of() : taken.inFlight();
    }

    /** Returns the messages as bytes; empty if none wait. */
    public Bytes encode() {
        if (messages == null) {
            return Bytes.EMPTY;
        }
        ByteWriter out = new ByteWriter(1024);
        RestoredMessagesCodec.write(messages, out);
        return out.toBytes();
    }

    /** Replaces the messages by those that belong to the state of another member. */
    public void replace(Bytes encoded) {
        if (encoded.size() > 0) {
            ByteReader in = new ByteReader(encoded);
            messages = RestoredMessagesCodec.read(in);
            in.end();
            gate.hold(true);
        } else if (messages != null) {
            List<InFlight<Bytes>> unused = take();
        }
    }
}
