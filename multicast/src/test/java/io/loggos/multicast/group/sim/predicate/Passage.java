package io.loggos.multicast.group.sim.predicate;

import io.loggos.api.NodeId;
import io.loggos.api.group.ViewChange;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Messages that one application was given in one view. */
final class Passage {
    final Life life;
    /** Number of the last message of each sender; nothing that was meant for this one is left out before it. */
    final TreeMap<NodeId, Integer> through = new TreeMap<>();
    /** Number of messages of each sender that were for all. */
    final TreeMap<NodeId, Integer> multicasts = new TreeMap<>();

    final List<Sent> totals = new ArrayList<>();
    final List<Sent> safeTotals = new ArrayList<>();

    /** Messages that were sent to this one alone and did not come before later messages of their sender. */
    final List<Sent> lacking = new ArrayList<>();

    /** Change by which it went on to the next view; null as long as it has not. */
    @Nullable
    ViewChange end;

    Passage(Life life) {
        this.life = life;
    }

    int through(NodeId sender) {
        return through.getOrDefault(sender, 0);
    }

    void add(Sent message) {
        through.put(message.sender(), message.number());
        if (message.to() == null) {
            multicasts.merge(message.sender(), 1, Integer::sum);
            if (message.isTotal()) {
                totals.add(message);
                if (message.isSafe()) {
                    safeTotals.add(message);
                }
            }
        }
    }
}
