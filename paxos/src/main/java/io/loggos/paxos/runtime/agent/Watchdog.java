package io.loggos.paxos.runtime.agent;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reports the stack of code that has not returned for long.
 *
 * <p>It looks at each work from time to time. Work that is the same at two looks has not returned between them.
 */
final class Watchdog {
    private static final int LOOKS = 4;
    private static final int MOST_FRAMES = 64;

    /** Something that works, one piece after the other. */
    interface Watched {
        String name();

        /** The thread that works now; null if none does. */
        @Nullable
        Thread worker();

        /** A number that each piece of work changes. */
        long piece();
    }

    private static final class Look {
        long piece;
        long sinceNanos;
        boolean told;
    }

    private final Map<Watched, Look> looks = new ConcurrentHashMap<>();
    private final LongSupplier nanos;
    private final Consumer<String> report;
    private final long patienceNanos;
    private final Thread thread;
    private volatile boolean stopped;

    /**
     * Creates a watchdog that is asleep.
     *
     * @param report receives what it has seen, for people
     */
    Watchdog(String name, LongSupplier nanos, long patienceNanos, Consumer<String> report) {
        this.nanos = nanos;
        this.report = report;
        this.patienceNanos = patienceNanos;
        this.thread = new Thread(this::watch, name);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    void stop() {
        stopped = true;
        LockSupport.unpark(thread);
    }

    void add(Watched watched) {
        looks.put(watched, new Look());
    }

    void remove(Watched watched) {
        looks.remove(watched);
    }

    private void watch() {
        while (!stopped) {
            LockSupport.parkNanos(this, Math.max(1, patienceNanos / LOOKS));
            look();
        }
    }

    /** Looks at everything once. */
    void look() {
        long now = nanos.getAsLong();
        looks.forEach((watched, look) -> look(watched, look, now));
    }

    private void look(Watched watched, Look look, long now) {
        Thread worker = watched.worker();
        long piece = watched.piece();
        if (worker == null || piece != look.piece) {
            look.piece = piece;
            look.sinceNanos = now;
            look.told = false;
        } else if (!look.told && now - look.sinceNanos >= patienceNanos) {
            look.told = true;
            report.accept("\"" + watched.name() + "\" has not returned for " + (now - look.sinceNanos) / 1_000_000
                    + " ms; it is at" + stack(worker));
        }
    }

    /** The stack of a thread, a line for each frame. */
    static String stack(Thread thread) {
        StringBuilder lines = new StringBuilder();
        StackTraceElement[] frames = thread.getStackTrace();
        for (int i = 0; i < Math.min(frames.length, MOST_FRAMES); i++) {
            lines.append("\n\tat ").append(frames[i]);
        }
        return lines.toString();
    }
}
