package io.loggos.multicast.runtime;

import io.loggos.api.Bytes;
import io.loggos.api.snapshot.InFlight;
import java.util.List;
import java.util.Optional;

/** What a node that was restored from a global snapshot has yet to give to its application. Everything is given once. Any thread. */
public interface Restored {
    /** There is nothing. */
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

    /** The state that a participant had recorded. */
    Optional<Bytes> takeParticipant(String name);

    /** The messages of a group that were on their way to this node, those of one sender in the order sent. */
    List<InFlight<Bytes>> takeInFlight(String group);
}
