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
    /**
     * The read sees the same as a {@link #LINEARIZABLE} one as long as all clocks keep to the stated bound, {@link
     * io.loggos.api.node.TimingOptions#maxClockDriftPpm}.
     *
     * <p>A leader with a lease answers alone: a quorum has promised to help no other node to lead for an election timeout.
     * One round of messages to a quorum renews it, while such reads come. Without a lease, or if no bound is stated, the
     * read is a {@link #LINEARIZABLE} one. Any replica can serve it, and asks the leader.
     *
     * <p>Source: Ongaro, <i>Consensus: Bridging Theory and Practice</i>, section 6.4.1.
     */
    LEASE,
    /** The read sees the state of this replica, which may be behind. It sends no message. */
    LOCAL
}
