package io.loggos.multicast.grpc.guard;

import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;

/** A log of what strangers cause. It has a bounded number of lines a minute, and counts the others. Any thread. */
public final class OccasionalLog {
    private static final int LINES = 10;
    private static final long PERIOD_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Logger logger;
    private long periodNanos = System.nanoTime();
    private int lines;
    private long left;

    public OccasionalLog(Logger logger) {
        this.logger = logger;
    }

    public synchronized void warn(String line) {
        long now = System.nanoTime();
        if (now - periodNanos > PERIOD_NANOS) {
            if (left > 0) {
                logger.warn("{} lines like the following were left out", left);
            }
            periodNanos = now;
            lines = 0;
            left = 0;
        }
        if (lines < LINES) {
            lines++;
            logger.warn(line);
        } else {
            left++;
        }
    }
}
