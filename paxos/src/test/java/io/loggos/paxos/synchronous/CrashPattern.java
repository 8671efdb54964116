package io.loggos.paxos.synchronous;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Crashes of some of the processes 1 to n. */
record CrashPattern(TreeMap<Integer, Crash> crashes) {
    /**
     * One process crashes in a round, in its multicast.
     *
     * @param reached whom it still reached, process k as bit k
     */
    record Crash(int round, int reached) {
        boolean reaches(int process) {
            return (reached >> process & 1) == 1;
        }
    }

    /** Every pattern with at most {@code faults} crashes within so many rounds. */
    static List<CrashPattern> all(int processes, int faults, int rounds) {
        List<CrashPattern> patterns = new ArrayList<>();
        extend(new CrashPattern(new TreeMap<>()), 1, processes, faults, rounds, patterns);
        return patterns;
    }

    private static void extend(
            CrashPattern pattern, int from, int processes, int faults, int rounds, List<CrashPattern> patterns) {
        patterns.add(pattern);
        if (pattern.crashes.size() == faults) {
            return;
        }
        for (int process = from; process <= processes; process++) {
            for (int round = 1; round <= rounds; round++) {
                int self = 1 << process;
                for (int reached = 0; reached < 2 << processes; reached += 2) {
                    if ((reached & self) == 0) {
                        TreeMap<Integer, Crash> more = new TreeMap<>(pattern.crashes);
                        more.put(process, new Crash(round, reached));
                        extend(new CrashPattern(more), process + 1, processes, faults, rounds, patterns);
                    }
                }
            }
        }
    }

    @Nullable
    Crash of(int process) {
        return crashes.get(process);
    }

    @Override
    public String toString() {
        return crashes.isEmpty()
                ? "nobody crashes"
                : crashes.entrySet().stream().map(CrashPattern::describe).collect(Collectors.joining(", "));
    }

    private static String describe(Map.Entry<Integer, Crash> crash) {
        String reached = IntStream.range(1, Integer.SIZE)
                .filter(crash.getValue()::reaches)
                .mapToObj(Integer::toString)
                .collect(Collectors.joining(" and "));
        return crash.getKey() + " crashes in round " + crash.getValue().round() + " and reaches "
                + (reached.isEmpty() ? "nobody" : "only " + reached);
    }
}
