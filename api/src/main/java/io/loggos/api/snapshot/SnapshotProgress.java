package io.loggos.api.snapshot;

/** Told of how far something that takes long has come, on any thread. */
@FunctionalInterface
public interface SnapshotProgress {
    /** Tells nobody. */
    SnapshotProgress NONE = (what, doneBytes, allBytes) -> {};

    /** So much of so much is done. */
    void at(String what, long doneBytes, long allBytes);
}
