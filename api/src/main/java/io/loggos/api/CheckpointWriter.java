package io.loggos.api;

import java.io.IOException;
import java.nio.file.Path;

/** Writes a state that was captured by {@link StateMachine#checkpoint} into files. */
@FunctionalInterface
public interface CheckpointWriter {
    /**
     * Writes the captured state into an empty directory, as plain files without subdirectories. Called once,
     * on a thread of its own, while commands go on being applied. The caller syncs the files.
     */
    void writeTo(Path directory) throws IOException;

    /** Called instead, if the state is not wanted any more: lets go of what was captured. */
    default void discard() throws IOException {}
}
