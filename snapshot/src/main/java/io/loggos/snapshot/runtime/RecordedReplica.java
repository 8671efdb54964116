package io.loggos.snapshot.runtime;

import io.loggos.api.Ballot;
import io.loggos.api.Bytes;
import io.loggos.api.LogId;
import io.loggos.api.Slot;
import io.loggos.api.replica.CheckpointWriter;
import io.loggos.api.snapshot.cut.ReplicaCut;
import io.loggos.api.spi.CheckpointManifest;
import java.io.IOException;
import java.util.SortedMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * State of one replica as it was recorded, before it is written. The fields are those of {@link ReplicaCut}.
 *
 * @param replicaState what the replica keeps with the state machine's state
 * @param state writes the state
 */
public record RecordedReplica(
        String log,
        Slot slot,
        Ballot ballot,
        Slot firstSlot,
        Slot acceptedSlot,
        Slot chosenSlot,
        SortedMap<Slot, Long> history,
        Bytes replicaState,
        CheckpointWriter state) {
    private static final Logger LOGGER = LoggerFactory.getLogger(RecordedReplica.class);

    LogId id() {
        return LogId.ofName(log);
    }

    /** Discards the state, which nobody needs any more. */
    public void discard() {
        try {
            state.discard();
        } catch (IOException e) {
            LOGGER.warn("the captured state of log \"{}\" is left behind", log, e);
        }
    }

    ReplicaCut written(CheckpointManifest checkpoint) {
        return new ReplicaCut(
                log,
                slot,
                ballot,
                firstSlot,
                acceptedSlot,
                chosenSlot,
                history,
                checkpoint.hash(),
                checkpoint.sizeBytes());
    }
}
