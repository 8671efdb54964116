package io.loggos.multicast.runtime.node;

import io.loggos.api.Bytes;
import io.loggos.api.snapshot.cut.InFlight;
import java.util.List;
import java.util.Optional;

/**
 * Data of a global snapshot that a restored node has yet to give to its application. Each item is given once. Any
 * thread.
 */
public interface Restored {
    /** Holds no data. */
    Restored NOTHING = new Restored() {
        @Override
        public Optional<Bytes> takeParticipant(String name) {
            return Optional.empty();
        }

        @Override
        public List<InFlight<Bytes>> takeInFlight(String group) {
            return List.of();
        }
    };

    /** Takes the state that a participant had recorded. */
    Optional<Bytes> takeParticipant(String name);

    /** Takes the messages of a group that were in flight to this node, those of one sender in the order sent. */
    List<InFlight<Bytes>> takeInFlight(String group);
}
