package io.loggos.paxos.core.request;

import io.loggos.paxos.core.model.Effects;
import io.loggos.paxos.core.model.Limits;
import io.loggos.paxos.core.model.ReadCaller;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.TreeMap;

/** The reads of callers here that wait for a slot to be applied, and ask no other node. */
public final class SlotReads {
    private record Read(ReadCaller caller, long deadlineNanos) {}

    private final Limits limits;
    private final Effects effects;
    private final TreeMap<Long, List<Read>> waiting = new TreeMap<>();

    public SlotReads(Limits limits, Effects effects) {
        this.limits = limits;
        this.effects = effects;
    }

    public boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** Takes a read that must see all slots up to this one. */
    public void submit(ReadCaller caller, long slot, long now) {
        waiting.computeIfAbsent(slot, unused -> new ArrayList<>()).add(new Read(caller, now + limits.requestNanos()));
    }

    /** Runs the reads whose slot was handed to the state machine. */
    public void release(long givenThrough) {
        while (!waiting.isEmpty() && waiting.firstKey() <= givenThrough) {
            effects.runReads(waiting.pollFirstEntry().getValue().stream()
                    .map(Read::caller)
                    .toList());
        }
    }

    /** Fails the reads that have waited too long, or all reads if the time is {@link Long#MAX_VALUE}. */
    public void expire(long now) {
        Iterator<List<Read>> each = waiting.values().iterator();
        while (each.hasNext()) {
            List<Read> reads = each.next();
            reads.removeIf(read -> {
                boolean late = read.deadlineNanos <= now;
                if (late) {
                    effects.fail(read.caller, Effects.Failure.UNAVAILABLE);
                }
                return late;
            });
            if (reads.isEmpty()) {
                each.remove();
            }
        }
    }
}
