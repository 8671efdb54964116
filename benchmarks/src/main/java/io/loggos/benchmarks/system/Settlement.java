package io.loggos.benchmarks.system;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Waits for the replicas that are behind. */
public final class Settlement {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration PAUSE = Duration.ofMillis(10);

    private Settlement() {}

    /** What each replica holds, once all have applied as much as the furthest, or after a minute. */
    public static List<CommandHash.Value> await(List<? extends Supplier<CommandHash.Value>> replicas) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            List<CommandHash.Value> values =
                    replicas.stream().<CommandHash.Value>map(Supplier::get).toList();
            long different = values.stream()
                    .mapToLong(CommandHash.Value::commands)
                    .distinct()
                    .count();
            if (different == 1 || System.nanoTime() - deadline > 0) {
                return values;
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }
}
