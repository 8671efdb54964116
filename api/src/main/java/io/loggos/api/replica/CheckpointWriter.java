package io.loggos.api.replica;

import java.io.IOException;
import java.nio.file.Path;

/** Writes into files a state that {@link StateMachine#checkpoint} captured. */
@FunctionalInterface
public interface CheckpointWriter {
    /**
     * Writes the captured state into an empty directory, as plain files without subdirectories.
     *
     * <p>Called once, on a background thread, while further commands are applied. The caller syncs the files.
     *
     * @throws IOException if the files cannot be written. A replica then keeps its last checkpoint and more of the log,
     *     and tries again at the next one
     */
    void writeTo(Path directory) throws IOException;

    /** Releases the captured state. Called in place of {@link #writeTo} if the state is not needed any more. */
    default void discard() throws IOException {}
}
