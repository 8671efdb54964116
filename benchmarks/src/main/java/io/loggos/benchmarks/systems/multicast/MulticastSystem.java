package io.loggos.benchmarks.systems.multicast;

import io.loggos.api.group.Ordering;
import io.loggos.benchmarks.harness.machine.Addresses;
import io.loggos.benchmarks.harness.report.MeasuredSystem;
import java.util.List;

/** System whose members multicast to each other: Loggos, or a peer with some settings. */
public interface MulticastSystem extends MeasuredSystem {
    /** Returns the orderings that the system has. */
    List<Ordering> orderings();

    /** Tells if measuring with payloads of this size makes sense. */
    default boolean takes(int payloadBytes) {
        return payloadBytes > 0;
    }

    /** Tells if the system is made for members that send at full rate. */
    default boolean isForThroughput() {
        return true;
    }

    /**
     * Opens a member, which joins the members that are there.
     *
     * @param number from 0, in the order in which they are opened
     */
    MulticastMember open(int number, Addresses addresses, Ordering ordering, MemberListener listener) throws Exception;
}
