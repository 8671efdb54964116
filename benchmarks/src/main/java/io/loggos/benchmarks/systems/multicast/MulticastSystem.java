package io.loggos.benchmarks.systems.multicast;

import io.loggos.api.group.Ordering;
import io.loggos.benchmarks.harness.machine.MemberAddresses;
import io.loggos.benchmarks.harness.report.Subject;
import java.util.List;

/** Something whose members multicast to each other: Loggos, or a peer with some settings. */
public interface MulticastSystem {
    /** What records call it: lower case, no blanks. */
    String name();

    /** Its name in tables. */
    String label();

    /** The component and its version. */
    String version();

    /** What it is made of and how it is set, for a person. */
    String settings();

    /** The orders that it has. */
    List<Ordering> orderings();

    /** Whether it is worth measuring with payloads of this size. */
    default boolean takes(int payloadBytes) {
        return payloadBytes > 0;
    }

    /** Whether it is made for members that send as fast as they are let. */
    default boolean isForThroughput() {
        return true;
    }

    /**
     * Opens a member, which joins those that are there.
     *
     * @param number from 0, in the order in which they are opened
     */
    MulticastMember open(int number, MemberAddresses addresses, Ordering ordering, MemberListener listener)
            throws Exception;

    /** How it stands in a record. */
    default Subject subject() {
        return Subject.system(name(), label(), version(), settings());
    }
}
