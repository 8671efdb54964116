package io.loggos.api.snapshot;

import io.loggos.api.NodeId;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names a global snapshot among all others.
 *
 * @param initiator the node that began it
 * @param life a random number of that node's process, never negative
 * @param number counts the snapshots that this process has begun, from 1
 */
public record SnapshotId(NodeId initiator, long life, long number) implements Comparable<SnapshotId> {
    private static final Pattern FORM = Pattern.compile("(\\d{1,5})-([0-9a-f]{16})-(\\d{1,18})");

    public SnapshotId {
        if (life < 0 || number < 1) {
            throw new IllegalArgumentException("no snapshot has life " + life + " and number " + number);
        }
    }

    /**
     * The snapshot of this name, as {@link #toString} gives it.
     *
     * @throws IllegalArgumentException if it is no such name
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

    /** By initiator, its life, and number: of one life in the order in which they were begun. */
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
        return "%d-%016x-%d".formatted(initiator.value(), life, number);
    }
}
