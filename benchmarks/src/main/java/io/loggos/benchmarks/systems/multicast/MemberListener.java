package io.loggos.benchmarks.systems.multicast;

/**
 * Listener for the events of a member. Messages of one sender come one at a time. Messages of different senders may
 * come concurrently, unless their order is total.
 */
public interface MemberListener {
    /** Called for a message; its bytes may only be read, and only during the call. */
    void onMessage(byte[] array, int offset);

    /**
     * Called for a new view.
     *
     * @param members number of members in the view
     * @param coordinator true if this member is the first of them
     */
    void onView(int members, boolean coordinator);
}
