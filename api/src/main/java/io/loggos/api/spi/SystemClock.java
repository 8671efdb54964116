package io.loggos.api.spi;

/** The clock of this machine. */
public final class SystemClock implements Clock {
    private final long origin = System.nanoTime();

    @Override
    public long nanos() {
        return System.nanoTime() - origin;
    }

    @Override
    public long wallMillis() {
        return System.currentTimeMillis();
    }
}
