package io.loggos.benchmarks.systems.multicast;

/**
 * What a member is told. Messages of one sender come one at a time; those of different senders may come side by side,
 * unless their order is total.
 */
public interface MemberListener {
    /** A message; its bytes are only read, and only during the call. */
    void onMessage(byte[] array, int offset);

    /**
     * A new view.
     *
     * @param members how many there are in it
     * @param coordinator whether this member is the first of them
     */
    void onView(int members, boolean coordinator);
}
