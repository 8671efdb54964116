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
        /** Adds an amount, which is not negative. Any thread. */
        void add(long amount);
    }

    /** A distribution of durations. */
    @FunctionalInterface
    interface Timer {
        /** Records a duration. Any thread. */
        void record(long nanos);
    }

    /** A distribution of amounts. */
    @FunctionalInterface
    interface Summary {
        /** Records an amount. Any thread. */
        void record(long amount);
    }

    /** Returns the counter with this name and these tags. */
    Counter counter(String name, String... tags);

    /** Returns the timer with this name and these tags. */
    Timer timer(String name, String... tags);

    /** Returns the summary with this name and these tags. Its amounts are in this unit. */
    Summary summary(String name, String unit, String... tags);

    /**
     * Registers a value that is read on demand, from any thread. It takes the place of an earlier one with this name and
     * these tags.
     */
    void gauge(String name, LongSupplier value, String... tags);

    /** Ends the meter with this name and these tags. A receiver that keeps nothing need not do anything. */
    default void remove(String name, String... tags) {}
}
