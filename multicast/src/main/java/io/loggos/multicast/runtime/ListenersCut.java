package io.loggos.multicast.runtime;

import java.util.ArrayList;
import java.util.List;

/**
 * Place of a global snapshot's cut in the sequence of calls to the listeners of a node.
 *
 * <p>All groups together are one process. Each is told what had been delivered before the cut, and is then held until
 * all have come this far. Then the application is recorded. Used by the agent for deliveries.
 */
final class ListenersCut {
    private final DeliveryAgent agent;
    private final Runnable record;
    private final List<Deliveries> held = new ArrayList<>();
    private int missing;

    /**
     * Creates a cut through this many groups.
     *
     * @param record is run once all have come to it
     */
    ListenersCut(DeliveryAgent agent, int groups, Runnable record) {
        this.agent = agent;
        this.missing = groups;
        this.record = record;
    }

    boolean isOver() {
        return missing == 0;
    }

    void reached(Deliveries deliveries) {
        held.add(deliveries);
        if (--missing == 0) {
            record.run();
            held.forEach(agent::publish);
        }
    }
}
