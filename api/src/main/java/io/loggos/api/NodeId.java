package io.loggos.api;

/** Names one node of a cluster: a number from 1 to 65,535, given by whoever configures the cluster. */
public record NodeId(int value) implements Comparable<NodeId> {
    /** The largest id. */
    public static final int MAX = 0xFFFF;

    public NodeId {
        if (value < 1 || value > MAX) {
            throw new IllegalArgumentException("a node id is 1 to " + MAX + ", not " + value);
        }
    }

    /** The id of this number. */
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
