package io.loggos.api;

/** A position in a replicated log, counted from 1. Slot 0 lies before the first position. */
public record Slot(long value) implements Comparable<Slot> {
    /** The position before the first slot. */
    public static final Slot ZERO = new Slot(0);

    public Slot {
        if (value < 0) {
            throw new IllegalArgumentException("a slot is not negative: " + value);
        }
    }

    /**
     * Returns the slot with this number.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public static Slot of(long value) {
        return new Slot(value);
    }

    @Override
    public int compareTo(Slot other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
