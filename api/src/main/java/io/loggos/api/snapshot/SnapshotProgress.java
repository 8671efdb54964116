package io.loggos.api.snapshot;

/**
 * Receives the progress of a long operation, one report at a time, on a thread {@code answer-N} of the node.
 *
 * <p>While it is busy, only the newest report is kept. What it throws goes to the node's {@link
 * io.loggos.api.node.ErrorHandler}, and the operation goes on.
 */
@FunctionalInterface
public interface SnapshotProgress {
    /** Ignores all progress. */
    SnapshotProgress NONE = (what, doneBytes, allBytes) -> {};

    /**
     * Reports progress.
     *
     * @param what the part that is worked on
     * @param doneBytes the bytes done so far
     * @param allBytes the bytes to do in all
     */
    void at(String what, long doneBytes, long allBytes);
}
