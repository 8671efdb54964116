package io.loggos.api;

/** A position in a replicated log, counted from 1. Slot 0 stands before the first. */
public record Slot(long value) implements Comparable<Slot> {
    /** Before the first slot. */
    public static final Slot ZERO = new Slot(0);

    public Slot {
        if (value < 0) {
            throw new IllegalArgumentException("a slot is not negative: " + value);
        }
    }

    /** The slot of this number. */
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
