package io.loggos.benchmarks.harness.process;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Waits for what a cluster does by itself when it comes up, by looking now and then. */
public final class Await {
    /** The longest that a cluster may take. */
    public static final Duration PATIENCE = Duration.ofMinutes(1);

    private static final Duration PAUSE = Duration.ofMillis(10);

    private Await() {}

    /**
     * Looks until there is something.
     *
     * @throws IllegalStateException if there is nothing after a minute
     */
    public static <T> T present(String what, Supplier<@Nullable T> look) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            T found = look.get();
            if (found != null) {
                return found;
            }
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException("no " + what + " after " + PATIENCE.toSeconds() + " s");
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }
}
