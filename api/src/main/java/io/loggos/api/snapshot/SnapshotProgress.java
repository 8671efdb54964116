package io.loggos.api.snapshot;

/** Receives the progress of a long operation, on any thread. */
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
