package io.loggos.api.snapshot;

import io.loggos.api.NodeId;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a global snapshot.
 *
 * @param initiator the node that started it
 * @param life a random number of that node's process, never negative
 * @param number counts the snapshots that this process has started, from 1
 */
public record SnapshotId(NodeId initiator, long life, long number) implements Comparable<SnapshotId> {
    private static final Pattern FORM = Pattern.compile("(\\d{1,5})-([0-9a-f]{16})-(\\d{1,18})");

    public SnapshotId {
        if (life < 0 || number < 1) {
            throw new IllegalArgumentException("no snapshot has life " + life + " and number " + number);
        }
    }

    /**
     * Parses the name of a snapshot, in the form that {@link #toString} returns.
     *
     * @throws IllegalArgumentException if the text has another form
     */
    public static SnapshotId parse(String name) {
        Matcher parts = FORM.matcher(name);
        if (!parts.matches()) {
            throw new IllegalArgumentException("\"" + name + "\" is not the id of a snapshot");
        }
        return new SnapshotId(
                NodeId.of(Integer.parseInt(parts.group(1))),
                Long.parseUnsignedLong(parts.group(2), 16),
                Long.parseLong(parts.group(3)));
    }

    /** Compares by initiator, life and number. Within one life this is the order of their start. */
    @Override
    public int compareTo(SnapshotId other) {
        int order = initiator.compareTo(other.initiator);
        if (order == 0) {
            order = Long.compare(life, other.life);
        }
        return order == 0 ? Long.compare(number, other.number) : order;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%d-%016x-%d", initiator.value(), life, number);
    }
}
