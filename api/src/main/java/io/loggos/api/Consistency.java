package io.loggos.api;

/** What a read promises. */
public enum Consistency {
    /**
     * The read sees every command that was acknowledged to anyone before it was asked. It costs one round of
     * small messages to a quorum, shared by all reads that wait, and writes nothing. Any replica serves it.
     */
    LINEARIZABLE,
    /** The read sees this replica's state as it stands, which may be behind. It costs nothing. */
    LOCAL
}
