package io.loggos.api.spi;

import java.util.function.LongSupplier;

/**
 * Where measurements go. Names are lower case with dots, as in Micrometer; tags are key, value, key, value….
 * Meters of one name and tags are made once and then used without a lookup.
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

    /** A value that is read when somebody looks, from any thread. */
    void gauge(String name, LongSupplier value, String... tags);
}
