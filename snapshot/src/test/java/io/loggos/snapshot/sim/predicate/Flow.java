package io.loggos.snapshot.sim.predicate;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One generation of one link, as the simulator sees it: all that was ever given to it. */
public final class Flow {
    /**
     * One message, and what is sent with it that the nodes do not see.
     *
     * @param clock of the sender; null if it is no message of the application
     * @param events of the sender's application before it
     * @param cuts how many cuts the sender had made in its life: its colour for each snapshot
     * @param connection over which it can have left first
     */
    public record Sent(Bytes bytes, @Nullable HiddenClock clock, int events, int cuts, long connection) {}

    final NodeId from;
    final NodeId to;
    final long life;
    final long generation;
    final List<Sent> sent = new ArrayList<>();
    /** Tokens that were given to it. */
    long tokensSent;
    /** Number of messages that were received, and the tokens in them. */
    int received;

    long tokensReceived;

    Flow(NodeId from, long life, NodeId to, long generation) {
        this.from = from;
        this.life = life;
        this.to = to;
        this.generation = generation;
    }

    @Override
    public String toString() {
        return from + "→" + to + " generation " + generation;
    }
}
