package io.loggos.paxos.runtime.members;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.internal.codec.ByteReader;
import io.loggos.internal.codec.ByteWriter;
import io.loggos.internal.codec.MalformedException;
import io.loggos.paxos.members.Membership;
import org.jspecify.annotations.Nullable;

/**
 * The request of a node that wants to be a member.
 *
 * @param node its id
 * @param incarnation its store
 * @param address the address at which the members reach it
 * @param learner true if it shall not vote
 * @param replaces the member whose place it takes; 0 for none
 */
public record JoinRequest(NodeId node, long incarnation, String address, boolean learner, int replaces) {
    /** The first byte of such a request, which no other request has. */
    private static final int TYPE = 0x4A;

    /**
     * The answer.
     *
     * @param membership what the newcomer, now a member, has to know; null if it is no member yet
     * @param refusal the reason why it will not become one; empty if it may
     */
    record Answer(@Nullable Membership membership, String refusal) {
        Bytes toBytes() {
            return new ByteWriter(256)
                    .putBytes(membership == null ? Bytes.EMPTY : membership.toBytes())
                    .putText(refusal)
                    .toBytes();
        }

        static Answer of(Bytes bytes) {
            ByteReader in = new ByteReader(bytes);
            Bytes membership = in.getBytes();
            Answer answer = new Answer(membership.isEmpty() ? null : Membership.of(membership), in.getText());
            in.end();
            return answer;
        }
    }

    Bytes toBytes() {
        return new ByteWriter(64)
                .putByte(TYPE)
                .putInt(node.value())
                .putLong(incarnation)
                .putText(address)
                .putBoolean(learner)
                .putInt(replaces)
                .toBytes();
    }

    /** Tells if a request is such a one. */
    public static boolean is(Bytes request) {
        return !request.isEmpty() && request.at(0) == TYPE;
    }

    static JoinRequest of(Bytes bytes) {
        ByteReader in = ByteReader.ofVersion(TYPE, bytes);
        JoinRequest request = new JoinRequest(in.getNode(), in.getLong(), in.getText(), in.getBoolean(), in.getInt());
        in.end();
        if (request.incarnation <= 0) {
            throw new MalformedException("a store of number " + request.incarnation);
        }
        return request;
    }
}
