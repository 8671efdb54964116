package io.loggos.testkit.sim;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Result of one run or of several.
 *
 * @param events the number of events of virtual time
 * @param counts how often each noted thing happened
 */
public record Outcome(long runs, long events, Map<String, Long> counts) {
    static final Outcome NONE = new Outcome(0, 0, Map.of());

    /** Returns the count of an event, 0 if it never happened. */
    public long count(String event) {
        return counts.getOrDefault(event, 0L);
    }

    /** Returns those of these events that never happened. */
    public List<String> unreached(List<String> events) {
        return events.stream().filter(event -> count(event) == 0).toList();
    }

    Outcome plus(Outcome other) {
        Map<String, Long> sum = new TreeMap<>(counts);
        other.counts.forEach((event, count) -> sum.merge(event, count, Long::sum));
        return new Outcome(runs + other.runs, events + other.events, sum);
    }
}
