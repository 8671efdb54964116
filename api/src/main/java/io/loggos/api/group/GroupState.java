package io.loggos.api.group;

import io.loggos.api.CheckpointWriter;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The state that members of a group keep alike, for those who join later. A newcomer is given the state as it is at the
 * end of the view before it joined, and then every message of its first view: none is missing, none comes twice.
 *
 * <p>Both methods are called on the thread of the {@link GroupListener}.
 */
public interface GroupState {
    /**
     * Captures the state as it stands and returns what will write it, on a thread of its own while messages go on being
     * delivered.
     */
    CheckpointWriter capture();

    /** Replaces the state by the one that was written into this directory, whose files are only read. */
    void restore(Path directory) throws IOException;
}
