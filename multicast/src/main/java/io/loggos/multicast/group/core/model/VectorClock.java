package io.loggos.multicast.group.core.model;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Vector clock (Fidge 1988, Mattern 1989): a number of packets for each rank of a view, for as long as the view lasts.
 * Immutable.
 */
public final class VectorClock {
    /** Clock without ranks: no clock. */
    public static final VectorClock NONE = new VectorClock(new long[0]);

    private final long[] numbers;

    private VectorClock(long[] numbers) {
        this.numbers = numbers;
    }

    /** Creates a clock of these numbers, which are copied. */
    public static VectorClock of(long... numbers) {
        return numbers.length == 0 ? NONE : new VectorClock(numbers.clone());
    }

    /** Number of ranks. */
    public int size() {
        return numbers.length;
    }

    public long at(int rank) {
        return numbers[rank];
    }

    public long[] toArray() {
        return numbers.clone();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof VectorClock that && Arrays.equals(numbers, that.numbers);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(numbers);
    }

    @Override
    public String toString() {
        return Arrays.toString(numbers);
    }
}
