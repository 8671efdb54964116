package io.loggos.benchmarks.systems.loggos.audited;

import java.util.BitSet;

/**
 * Which of the commands of one origin were acknowledged: the first {@code proposed}, but for some.
 *
 * @param origin who proposed them, in which of its lives
 */
public record Acknowledged(long origin, int proposed, BitSet not) {
    public Acknowledged {
        not = (BitSet) not.clone();
    }

    /** The numbers of those that were acknowledged. */
    public BitSet sequences() {
        BitSet sequences = new BitSet(proposed);
        sequences.set(0, proposed);
        sequences.andNot(not);
        return sequences;
    }

    /** How many were acknowledged. */
    public int count() {
        return proposed - not.cardinality();
    }

    /** One line without blanks. */
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
