package io.loggos.paxos.core.model;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.member.Member.Role;
import io.loggos.internal.codec.ByteReader;
import io.loggos.internal.codec.ByteWriter;
import io.loggos.internal.codec.MalformedException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * The members of a log: voters, and learners that have no vote. Its quorums are majorities of the voters (<i>Paxos Made
 * Simple</i>, section 2.2).
 *
 * <p>Any two quorums of one configuration share a voter; those of two configurations need not. Every message carries the
 * number of its sender's configuration.
 *
 * <p>Layout, with sizes in bytes: version (1), number (8), number of members (4). Then for each member: node (4),
 * incarnation (8), address (text), role (1), the node that it replaces (4).
 */
public final class Configuration {
    /** The greatest number of members. */
    public static final int MOST_MEMBERS = 31;

    private static final int VERSION = 1;
    private static final int LEAST_MEMBER_BYTES = 4 + 8 + 4 + 1 + 4;

    /**
     * A member.
     *
     * @param node the id of the node
     * @param incarnation the store that is the member; 0 in a first configuration, where it is the store first met
     * @param address the address at which peers reach it, as text; empty if it is known from elsewhere
     * @param role voter, or learner of a kind
     * @param replaces the number of the member that leaves when this one becomes a voter; 0 if none does
     */
    public record Member(NodeId node, long incarnation, String address, Role role, int replaces) {
        boolean votes() {
            return role == Role.VOTER;
        }

        /** Returns the same member in another role, which replaces nobody. */
        public Member in(Role other) {
            return new Member(node, incarnation, address, other, 0);
        }
    }

    private final long number;
    private final List<Member> members;
    private final List<NodeId> nodes;
    private final List<NodeId> voters;

    /**
     * Creates a configuration.
     *
     * @param number 1 for the configuration with which a cluster starts
     * @param members in the order of their ids
     * @throws IllegalArgumentException if no member votes, a node is named twice, or there are too many
     */
    public Configuration(long number, List<Member> members) {
        this(number, members, true);
    }

    private Configuration(long number, List<Member> members, boolean complete) {
        this.number = number;
        this.members = List.copyOf(members);
        this.nodes = members.stream().map(Member::node).toList();
        this.voters = members.stream().filter(Member::votes).map(Member::node).toList();
        if (complete && (number < 1 || voters.isEmpty() || members.size() > MOST_MEMBERS)) {
            throw new IllegalArgumentException("configuration " + number + " of " + members);
        }
        for (int i = 1; i < nodes.size(); i++) {
            if (nodes.get(i - 1).compareTo(nodes.get(i)) >= 0) {
                throw new IllegalArgumentException("members twice or not in order: " + nodes);
            }
        }
    }

    /** Returns the configuration with which a cluster starts. All members vote. */
    public static Configuration initial(SortedSet<NodeId> members) {
        return new Configuration(
                1,
                members.stream()
                        .map(node -> new Member(node, 0, "", Role.VOTER, 0))
                        .toList());
    }

    /**
     * Returns the stand-in for a configuration that a node has not learned yet: number 0, without voters.
     *
     * @param nodes the nodes that may know more
     */
    public static Configuration unknown(SortedSet<NodeId> nodes) {
        return new Configuration(
                0,
                nodes.stream()
                        .map(node -> new Member(node, 0, "", Role.LEARNER, 0))
                        .toList(),
                false);
    }

    public long number() {
        return number;
    }

    /** All members, by id. */
    public List<Member> members() {
        return members;
    }

    /** The nodes of all members, by id. */
    public List<NodeId> nodes() {
        return nodes;
    }

    /** The nodes that vote, by id. */
    public List<NodeId> voters() {
        return voters;
    }

    /** Returns the member with this id, or null. */
    public @Nullable Member member(NodeId node) {
        int position = nodes.indexOf(node);
        return position < 0 ? null : members.get(position);
    }

    /** Tells if a store is a member. The store of a member of a first configuration is known from elsewhere. */
    public boolean has(NodeId node, long incarnation) {
        Member member = member(node);
        return member != null && (member.incarnation == 0 || member.incarnation == incarnation);
    }

    /** Tells if a store is a voter. */
    public boolean isVoter(NodeId node, long incarnation) {
        return bit(node) != 0 && has(node, incarnation);
    }

    /** Returns the bit of a voter in a set of votes, or 0 if the node is no voter. */
    public long bit(NodeId node) {
        int position = voters.indexOf(node);
        return position < 0 ? 0 : 1L << position;
    }

    /** Tells if a set of votes is a quorum. */
    public boolean isQuorum(long votes) {
        return isQuorum(Long.bitCount(votes));
    }

    /** Tells if this number of voters is a quorum. */
    public boolean isQuorum(int count) {
        return count > voters.size() / 2;
    }

    /** Encodes the configuration. */
    public Bytes toBytes() {
        ByteWriter writer = new ByteWriter(64).putByte(VERSION).putLong(number).putInt(members.size());
        for (Member member : members) {
            writer.putInt(member.node.value())
                    .putLong(member.incarnation)
                    .putText(member.address)
                    .putByte(code(member.role))
                    .putInt(member.replaces);
        }
        return writer.toBytes();
    }

    /**
     * Decodes a configuration.
     *
     * @throws MalformedException if the bytes are no configuration
     */
    public static Configuration of(Bytes bytes) {
        ByteReader in = ByteReader.ofVersion(VERSION, bytes);
        long number = in.getCount();
        List<Member> members = new ArrayList<>();
        for (int left = in.getElementCount(LEAST_MEMBER_BYTES); left > 0; left--) {
            members.add(new Member(in.getNode(), in.getLong(), in.getText(), role(in.getByte()), in.getInt()));
        }
        in.end();
        try {
            return new Configuration(number, members);
        } catch (IllegalArgumentException e) {
            throw new MalformedException(String.valueOf(e.getMessage()));
        }
    }

    private static int code(Role role) {
        return switch (role) {
            case VOTER -> 0;
            case LEARNER -> 1;
            case JOINING -> 2;
        };
    }

    private static Role role(int code) {
        return switch (code) {
            case 0 -> Role.VOTER;
            case 1 -> Role.LEARNER;
            case 2 -> Role.JOINING;
            default -> throw new MalformedException("a member with role " + code);
        };
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Configuration that && number == that.number && members.equals(that.members);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(number) * 31 + members.hashCode();
    }

    @Override
    public String toString() {
        return "configuration " + number + " of " + voters
                + (voters.size() == nodes.size() ? "" : " with learners " + learners());
    }

    private List<NodeId> learners() {
        return nodes.stream().filter(node -> !voters.contains(node)).toList();
    }
}
