package io.loggos.snapshot.sim.predicate;

import io.loggos.api.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Record of all that one life of a node has done, as the simulator sees it. */
public final class Book {
    /** Kinds of events of an application. */
    enum Kind {
        SEND,
        RECEIVE,
        WORK
    }

    /**
     * One event of an application.
     *
     * @param flow that the message was sent or received on; null if it was dropped, or there is none
     * @param index of the message in its flow
     */
    record Event(
            Kind kind,
            @Nullable BankMessage message,
            @Nullable Flow flow,
            int index) {
        boolean isAboutWork() {
            BankMessage moved = message;
            return moved == null || moved.work() > 0;
        }
    }

    public final NodeId node;
    public final long life;
    final Bank.State initial;
    final HiddenClock clock;
    final List<Event> events = new ArrayList<>();
    /** The present generation to each peer and from each peer. */
    final TreeMap<NodeId, Flow> outgoing = new TreeMap<>();

    final TreeMap<NodeId, Incoming> incoming = new TreeMap<>();
    /** Tokens sent to and received from each peer in this life, whatever became of them. */
    final TreeMap<NodeId, Long> tokensSent = new TreeMap<>();

    final TreeMap<NodeId, Long> tokensReceived = new TreeMap<>();
    int cuts;

    Book(NodeId node, long life, Bank.State initial, int nodes) {
        this.node = node;
        this.life = life;
        this.initial = initial;
        this.clock = new HiddenClock(nodes);
    }
}
