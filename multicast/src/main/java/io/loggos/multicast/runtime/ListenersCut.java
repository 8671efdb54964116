package io.loggos.multicast.runtime;

import java.util.ArrayList;
import java.util.List;

/**
 * The place of a global snapshot's cut in what the listeners of a node are told. All groups together are one process: each
 * is told what had been delivered before the cut and then held up, until all have come so far; then the application is
 * recorded. Of the agent for deliveries.
 */
final class ListenersCut {
    private final DeliveryAgent agent;
    private final Runnable record;
    private final List<Deliveries> held = new ArrayList<>();
    private int missing;

    /**
     * A cut through so many groups.
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
