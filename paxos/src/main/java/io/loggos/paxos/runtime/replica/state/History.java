package io.loggos.paxos.runtime.replica.state;

import io.loggos.api.Bytes;
import io.loggos.api.Slot;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * A digest of everything that a replica has applied and answered, slot by slot.
 *
 * <p>The value of a slot combines the value of the slot before, the batch, and the state machine's answers. Replicas
 * that have applied a slot have the same value there, or their states have diverged. The last values are kept, so that
 * replicas at different slots can be compared at a slot that both have.
 */
public final class History {
    /** The number of values kept. Replicas that keep up are closer together. */
    static final int KEPT = 512;

    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

    private final long[] values = new long[KEPT];
    private final CRC32C answers = new CRC32C();
    private final CRC32C commands = new CRC32C();
    /** The last slot, and the first slot whose value is kept. */
    private long through;

    private long from;

    /** Sets the history to its value after a slot. */
    public void restore(long slot, long value) {
        through = slot;
        from = slot;
        values[at(slot)] = value;
        answers.reset();
    }

    /** Adds the answer to a command of the next slot. */
    public void answered(Bytes answer) {
        answers.update(answer.backingArray(), answer.backingOffset(), answer.size());
        answers.update(0);
    }

    /** Adds the failure of a command of the next slot. Its text is left out, because replicas may differ in it. */
    public void failed() {
        answers.update(1);
    }

    /** Ends the next slot. */
    public void applied(Bytes batch) {
        commands.reset();
        commands.update(batch.backingArray(), batch.backingOffset(), batch.size());
        long value = values[at(through)] ^ (commands.getValue() << 32 | answers.getValue());
        value *= MULTIPLIER;
        through++;
        values[at(through)] = value ^ value >>> 29;
        from = Math.max(from, through - KEPT + 1);
        answers.reset();
    }

    /** The value after the last slot. */
    public long value() {
        return values[at(through)];
    }

    /** The values of the last slots. */
    public SortedMap<Slot, Long> kept() {
        TreeMap<Slot, Long> kept = new TreeMap<>();
        for (long slot = Math.max(1, from); slot <= through; slot++) {
            kept.put(Slot.of(slot), values[at(slot)]);
        }
        return kept;
    }

    private static int at(long slot) {
        return (int) (slot % KEPT);
    }
}
