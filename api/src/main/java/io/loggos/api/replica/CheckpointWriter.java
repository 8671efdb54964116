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

    /**
     * Verifies a file that {@link #writeTo} put into the directory, by the checksums that the file itself carries.
     *
     * <p>A file may be older than the checkpoint, for example a link to a table of a database. The hash that the
     * checkpoint keeps of it would not show damage from before. So the caller calls this after it has hashed a file that
     * it did not know. A format without checksums has nothing to do here.
     *
     * @throws IOException if the file is damaged. No checkpoint is made then
     */
    default void verify(Path file) throws IOException {}

    /** Releases the captured state. Called in place of {@link #writeTo} if the state is not needed any more. */
    default void discard() throws IOException {}
}
