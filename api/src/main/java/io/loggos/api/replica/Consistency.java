package io.loggos.api.replica;

/** The guarantee that a read gives. */
public enum Consistency {
    /**
     * The read sees every command that was acknowledged to anyone before the read was called.
     *
     * <p>It costs one round of small messages to a quorum, which all waiting reads share. It writes nothing to disk.
     * Any replica can serve it.
     */
    LINEARIZABLE,
    /** The read sees the state of this replica, which may be behind. It sends no message. */
    LOCAL
}
