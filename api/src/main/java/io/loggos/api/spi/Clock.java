package io.loggos.api.spi;

/** Time, as a seam: the system's, or the simulation's. */
public interface Clock {
    /** Monotonic nanoseconds from an arbitrary origin, never negative. For everything but log time. */
    long nanos();

    /** The wall clock in milliseconds since 1970, which may jump. For log time only. */
    long wallMillis();
}
