package io.loggos.api;

/** The number of a node in its cluster, 1 to 65,535. The operator of the cluster assigns it. */
public record NodeId(int value) implements Comparable<NodeId> {
    /** The largest id. */
    public static final int MAX = 0xFFFF;

    public NodeId {
        if (value < 1 || value > MAX) {
            throw new IllegalArgumentException("a node id is 1 to " + MAX + ", not " + value);
        }
    }

    /**
     * Returns the id with this number.
     *
     * @throws IllegalArgumentException if it is out of range
     */
    public static NodeId of(int value) {
        return new NodeId(value);
    }

    @Override
    public int compareTo(NodeId other) {
        return Integer.compare(value, other.value);
    }

    @Override
    public String toString() {
        return "n" + value;
    }
}
