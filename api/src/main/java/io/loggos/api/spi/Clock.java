package io.loggos.api.spi;

/** A source of time: the system's clock or that of the simulation. */
public interface Clock {
    /** Monotonic nanoseconds from an arbitrary origin, never negative. Used for everything but log time. */
    long nanos();

    /** The wall clock in milliseconds since 1970, which may jump. Used for log time only. */
    long wallMillis();
}
