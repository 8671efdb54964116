package io.loggos.paxos.runtime;

import io.loggos.api.Bytes;
import io.loggos.api.Slot;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * A digest of all that a replica has applied and answered, slot by slot: each slot's value is made of the one before, the
 * batch, and what the state machine answered. Replicas that have applied a slot have the same value there, or they have
 * diverged. The last ones are kept, so that replicas that stand at different slots can be compared at one that both have.
 */
final class History {
    /** How many slots are kept: more than replicas that keep up lie apart. */
    static final int KEPT = 512;

    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

    private final long[] values = new long[KEPT];
    private final CRC32C answers = new CRC32C();
    private final CRC32C commands = new CRC32C();
    /** The last slot, and the first whose value is kept. */
    private long through;

    private long from;

    /** The history as it stands after a slot. */
    void restore(long slot, long value) {
        through = slot;
        from = slot;
        values[at(slot)] = value;
        answers.reset();
    }

    /** A command of the next slot was answered. */
    void answered(Bytes answer) {
        answers.update(answer.backingArray(), answer.backingOffset(), answer.size());
        answers.update(0);
    }

    /** A command of the next slot failed: how, is no replica's to say. */
    void failed() {
        answers.update(1);
    }

    /** The next slot is applied. */
    void applied(Bytes batch) {
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
    long value() {
        return values[at(through)];
    }

    /** The values of the last slots. */
    SortedMap<Slot, Long> kept() {
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
