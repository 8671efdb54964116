package io.loggos.paxos.runtime.loop;

import io.loggos.paxos.core.process.TimerId;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.BiConsumer;

/** The timers of all logs of a node. A timer that was set again is found to be stale when its old time comes. */
public final class Timers {
    /** One timer at one time. */
    record Timer(LogProcess process, TimerId id, long atNanos) {}

    private final PriorityQueue<Timer> queue = new PriorityQueue<>(Comparator.comparingLong(Timer::atNanos));
    private final Map<LogProcess, Map<TimerId, Long>> set = new LinkedHashMap<>();

    void set(LogProcess process, TimerId id, long atNanos) {
        set.computeIfAbsent(process, unused -> new LinkedHashMap<>()).put(id, atNanos);
        if (atNanos != Long.MAX_VALUE) {
            queue.add(new Timer(process, id, atNanos));
        }
    }

    void forget(LogProcess process) {
        set.remove(process);
    }

    /** The time of the next timer, which may be stale. */
    long next() {
        Timer first = queue.peek();
        return first == null ? Long.MAX_VALUE : first.atNanos;
    }

    /** Fires the timers that are due. Returns their number. */
    int fire(long now, BiConsumer<LogProcess, Timer> onTimer) {
        int fired = 0;
        while (!queue.isEmpty() && queue.peek().atNanos <= now) {
            Timer due = queue.poll();
            Map<TimerId, Long> ofProcess = set.get(due.process);
            if (ofProcess != null && ofProcess.getOrDefault(due.id, Long.MAX_VALUE) == due.atNanos) {
                ofProcess.remove(due.id);
                onTimer.accept(due.process, due);
                fired++;
            }
        }
        return fired;
    }
}
