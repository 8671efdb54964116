package io.loggos.api.member;

import io.loggos.api.Address;
import io.loggos.api.NodeId;

/**
 * A part of a change of the members.
 *
 * <p>A new node is not added by the others. It asks for that itself ({@link io.loggos.api.node.NodeBuilder#join}), since it
 * alone knows its store.
 */
public sealed interface MemberChange {
    /** The node whose part changes. */
    NodeId id();

    /** Takes a member out of the cluster. It is told once the others can do without it, and stops. */
    record Remove(NodeId id) implements MemberChange {}

    /** Lets a learner vote. */
    record Promote(NodeId id) implements MemberChange {}

    /** Lets a voter learn only. */
    record Demote(NodeId id) implements MemberChange {}

    /** Tells the others a new address of a member. */
    record Update(NodeId id, Address address) implements MemberChange {}

    /** Takes a member out of the cluster. */
    static MemberChange remove(int id) {
        return new Remove(NodeId.of(id));
    }

    /** Lets a learner vote. */
    static MemberChange promote(int id) {
        return new Promote(NodeId.of(id));
    }

    /** Lets a voter learn only. */
    static MemberChange demote(int id) {
        return new Demote(NodeId.of(id));
    }

    /** Tells the others a new address of a member. */
    static MemberChange update(int id, String address) {
        return new Update(NodeId.of(id), Address.parse(address));
    }
}
