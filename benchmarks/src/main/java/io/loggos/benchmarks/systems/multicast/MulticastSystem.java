package io.loggos.benchmarks.systems.multicast;

import io.loggos.api.group.Ordering;
import io.loggos.benchmarks.harness.machine.Addresses;
import io.loggos.benchmarks.harness.report.MeasuredSystem;
import java.util.List;

/** Something whose members multicast to each other: Loggos, or a peer with some settings. */
public interface MulticastSystem extends MeasuredSystem {
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
    MulticastMember open(int number, Addresses addresses, Ordering ordering, MemberListener listener) throws Exception;
}
