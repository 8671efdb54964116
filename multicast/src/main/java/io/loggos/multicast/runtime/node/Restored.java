package io.loggos.multicast.runtime.node;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.snapshot.cut.InFlight;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Data of a global snapshot that a restored node has yet to give to its application. Any thread. */
public interface Restored {
    /** Holds no data. */
    Restored NOTHING = new Restored() {
        @Override
        public void participant(String name, Consumer<Bytes> restore) {}

        @Override
        public @Nullable Messages messages(String group) {
            return null;
        }

        @Override
        public void forget(String group) {}
    };

    /**
     * Messages of a group that were in flight to this node.
     *
     * @param members the members of the group in the snapshot that are nodes of this cluster
     * @param inFlight in the order that the group promises
     */
    record Messages(SortedSet<NodeId> members, List<InFlight<Bytes>> inFlight) {
        public Messages {
            members = new TreeSet<>(members);
            inFlight = List.copyOf(inFlight);
        }
    }

    /** Gives the state that a participant had recorded, and forgets it once that has returned. */
    void participant(String name, Consumer<Bytes> restore);

    /** Returns the messages of a group; null if the group was not in the snapshot, or they have been given. */
    @Nullable
    Messages messages(String group);

    /** Forgets the messages of a group, which are about to be given. */
    void forget(String group);
}
