package io.loggos.benchmarks.systems.multicast;

/** One member of a group. Safe for use by any thread. */
public interface MulticastMember extends AutoCloseable {
    /**
     * Sends a message to all members, including this one, in the order of the group. Waits for room.
     *
     * @param message bytes of the message, not changed from then on
     */
    void multicast(byte[] message) throws Exception;

    /** Leaves the group and ends all threads. */
    @Override
    void close();
}
