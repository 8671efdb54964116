package io.loggos.benchmarks.harness.process;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Waits for a condition by polling, or for a time. */
public final class Await {
    /** Longest time that a cluster may take for anything that it does by itself. */
    public static final Duration PATIENCE = Duration.ofMinutes(1);

    private static final Duration PAUSE = Duration.ofMillis(5);

    private Await() {}

    /** Waits until a condition holds; returns false if it does not within {@link #PATIENCE}. */
    public static boolean until(BooleanSupplier condition) {
        return until(PATIENCE, condition);
    }

    /** Waits until a condition holds; returns false if it does not within this time. */
    public static boolean until(Duration patience, BooleanSupplier condition) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        return true;
    }

    /**
     * Waits until a value is present, and returns it.
     *
     * @param what the name of the value, for the error
     * @throws IllegalStateException if there is none within {@link #PATIENCE}
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

    /** Returns after this time. */
    public static void pause(Duration time) {
        long deadline = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = deadline - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
