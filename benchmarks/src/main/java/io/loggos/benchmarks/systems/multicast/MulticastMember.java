package io.loggos.benchmarks.systems.multicast;

/** One member of a group. Safe for use by any thread. */
public interface MulticastMember extends AutoCloseable {
    /**
     * Sends to all members, itself included, in the order that it was opened with. Waits for room.
     *
     * @param message not to be changed from then on
     */
    void multicast(byte[] message) throws Exception;

    /** Leaves, and ends all threads. */
    @Override
    void close();
}
