package io.loggos.api.group;

import io.loggos.api.replica.CheckpointWriter;
import java.io.IOException;
import java.nio.file.Path;

/**
 * State that all members of a group share, transferred to members that join later.
 *
 * <p>A new member receives the state at the end of the view before it joined, and then every message of its first view,
 * each once. Both methods are called like those of the {@link GroupListener}.
 */
public interface GroupState {
    /**
     * Captures the present state and returns a writer for it.
     *
     * <p>The writer runs on a background thread while further messages are delivered. If it fails, this node leaves the
     * group and joins again as a new member.
     */
    CheckpointWriter capture();

    /**
     * Replaces the state by the one that was written into this directory. The files must only be read.
     *
     * @throws IOException if the state cannot be read. The node then leaves the group and joins again as a new
     *     member
     */
    void restore(Path directory) throws IOException;
}
