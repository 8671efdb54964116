package io.loggos.benchmarks.systems.consensus;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/** Waits for the replicas that are behind. */
public final class Settlement {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration PAUSE = Duration.ofMillis(10);

    private Settlement() {}

    /**
     * Returns the state of each replica, once all have applied as much as the furthest, or after a minute. The states
     * themselves are compared, because a replica may report its progress later than it answers.
     *
     * @param replicas functions that read the state of a replica, after everything that it has answered
     * @param applied returns the number of applied commands in a state
     */
    public static <T> List<T> await(List<? extends Supplier<T>> replicas, ToLongFunction<T> applied) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            List<T> states = replicas.stream().<T>map(Supplier::get).toList();
            long different = states.stream().mapToLong(applied).distinct().count();
            if (different == 1 || System.nanoTime() - deadline > 0) {
                return states;
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    /** Returns the state of each replica, once all have applied as many commands as the furthest, or after a minute. */
    public static List<CommandHash.Value> await(List<? extends Supplier<CommandHash.Value>> replicas) {
        return await(replicas, CommandHash.Value::commands);
    }
}
