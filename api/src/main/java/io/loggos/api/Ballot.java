package io.loggos.api;

/**
 * The number under which a node leads (Lamport, <i>The Part-Time Parliament</i>, section 2.1).
 *
 * <p>Ballots are ordered by round, then by node. At most one node leads in a ballot, and in only one of its lives.
 *
 * @param round at least 1, or 0 for {@link #ZERO}
 * @param node the number of the node that owns the ballot, or 0 for {@link #ZERO}
 */
public record Ballot(long round, int node) implements Comparable<Ballot> {
    /** The ballot below every ballot that a node can take. */
    public static final Ballot ZERO = new Ballot(0, 0);

    public Ballot {
        if (round < 0 || node < 0 || node > NodeId.MAX || (round == 0) != (node == 0)) {
            throw new IllegalArgumentException("not a ballot: round " + round + ", node " + node);
        }
    }

    /**
     * Returns the lowest ballot of {@code node} that is above this one.
     *
     * @throws ArithmeticException if there is no higher round
     */
    public Ballot next(NodeId node) {
        return new Ballot(Math.incrementExact(round), node.value());
    }

    /** Tells if this is {@link #ZERO}. */
    public boolean isZero() {
        return round == 0;
    }

    /** Tells if the node {@code id} owns this ballot. */
    public boolean isOf(NodeId id) {
        return node == id.value();
    }

    @Override
    public int compareTo(Ballot other) {
        int byRound = Long.compare(round, other.round);
        return byRound != 0 ? byRound : Integer.compare(node, other.node);
    }

    /** Tells if this ballot is above {@code other}. */
    public boolean isAbove(Ballot other) {
        return compareTo(other) > 0;
    }

    /** Tells if this ballot is below {@code other}. */
    public boolean isBelow(Ballot other) {
        return compareTo(other) < 0;
    }

    @Override
    public String toString() {
        return round + "." + node;
    }
}
