package io.loggos.benchmarks.systems.loggos.audited;

import java.util.BitSet;

/**
 * Set of the acknowledged commands of one origin: the first {@code proposed} commands without those in {@code not}.
 *
 * @param origin id of the proposer and its incarnation
 */
public record Acknowledged(long origin, int proposed, BitSet not) {
    public Acknowledged {
        not = (BitSet) not.clone();
    }

    /** Returns the numbers of the acknowledged commands. */
    public BitSet sequences() {
        BitSet sequences = new BitSet(proposed);
        sequences.set(0, proposed);
        sequences.andNot(not);
        return sequences;
    }

    /** Returns the number of acknowledged commands. */
    public int count() {
        return proposed - not.cardinality();
    }

    /** Returns one line without blanks. */
    String toText() {
        StringBuilder text = new StringBuilder(origin + ":" + proposed + ":");
        not.stream().forEach(sequence -> text.append(sequence).append(','));
        return text.toString();
    }

    /** Reads {@link #toText} back. */
    static Acknowledged parse(String text) {
        String[] parts = text.split(":", -1);
        if (parts.length != 3) {
            throw new IllegalArgumentException("not a list of acknowledged commands: " + text);
        }
        BitSet not = new BitSet();
        for (String each : parts[2].split(",", -1)) {
            if (!each.isEmpty()) {
                not.set(Integer.parseInt(each));
            }
        }
        return new Acknowledged(Long.parseLong(parts[0]), Integer.parseInt(parts[1]), not);
    }
}
