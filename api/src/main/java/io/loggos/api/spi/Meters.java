package io.loggos.api.spi;

import java.util.function.LongSupplier;

/**
 * The receiver of measurements.
 *
 * <p>Names are lower case with dots, as in Micrometer. Tags alternate between key and value. A meter with given name
 * and tags is created once and then used without a lookup.
 */
public interface Meters {
    /** Measures nothing. */
    Meters NONE = new Meters() {
        @Override
        public Counter counter(String name, String... tags) {
            return amount -> {};
        }

        @Override
        public Timer timer(String name, String... tags) {
            return nanos -> {};
        }

        @Override
        public Summary summary(String name, String unit, String... tags) {
            return amount -> {};
        }

        @Override
        public void gauge(String name, LongSupplier value, String... tags) {}
    };

    /** A number that only grows. */
    @FunctionalInterface
    interface Counter {
        void add(long amount);
    }

    /** A distribution of durations. */
    @FunctionalInterface
    interface Timer {
        void record(long nanos);
    }

    /** A distribution of amounts. */
    @FunctionalInterface
    interface Summary {
        void record(long amount);
    }

    Counter counter(String name, String... tags);

    Timer timer(String name, String... tags);

    Summary summary(String name, String unit, String... tags);

    /** Registers a value that is read on demand, from any thread. */
    void gauge(String name, LongSupplier value, String... tags);
}
