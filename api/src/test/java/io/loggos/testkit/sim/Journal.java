package io.loggos.testkit.sim;

import io.loggos.testkit.VirtualTime;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Record of one run: how often each noted thing happened and, if the run is traced, the last lines of its trace. */
public final class Journal {
    private static final int KEPT_LINES = 400;

    private final VirtualTime time;
    private final boolean tracing;
    private final boolean printing;
    private final ArrayDeque<String> lines = new ArrayDeque<>();
    private final TreeMap<String, Long> counts = new TreeMap<>();

    public Journal(VirtualTime time, boolean tracing) {
        this.time = time;
        this.tracing = tracing;
        this.printing = tracing && "full".equals(System.getProperty("sim.trace"));
    }

    /** Counts one occurrence of an event. */
    public void note(String event) {
        count(event, 1);
    }

    /** Adds to the count of an event. */
    public void count(String event, long occurrences) {
        counts.merge(event, occurrences, Long::sum);
    }

    /** Adds a line to the trace; the text is not made if the run is not traced. */
    public void trace(Object who, Supplier<String> what) {
        if (tracing) {
            String line = String.format(Locale.ROOT, "%12.6f %-4s %s", time.nanos() / 1e9, who, what.get());
            lines.add(line);
            if (lines.size() > KEPT_LINES) {
                lines.remove();
            }
            if (printing) {
                System.out.println(line);
            }
        }
    }

    /** Returns the last lines of the trace, oldest first. */
    public List<String> lastLines() {
        return List.copyOf(lines);
    }

    /** Returns the count of each event. */
    public Map<String, Long> counts() {
        return new TreeMap<>(counts);
    }
}
