package io.loggos.examples.server.etcd;

import io.loggos.api.NodeId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The members of the cluster as etcd clients see them. etcd names members and clusters by 64-bit numbers. Here these
 * are hashes of the names, so all nodes agree on them without communication.
 */
public final class Members {
    /**
     * One member.
     *
     * @param peerUrls the URLs for other members
     * @param clientUrls the URLs for its clients; none if this node was not told
     * @param learner true if it does not vote
     */
    public record Member(long number, NodeId id, List<String> peerUrls, List<String> clientUrls, boolean learner) {}

    private final String clusterId;
    private final NodeId self;
    private final Supplier<List<Member>> present;

    /**
     * Creates the members as seen by one of them.
     *
     * @param present returns the present members, in any order
     */
    public Members(String clusterId, NodeId self, Supplier<List<Member>> present) {
        this.clusterId = clusterId;
        this.self = self;
        this.present = present;
    }

    /** The number of the cluster. */
    public long clusterNumber() {
        return hash(clusterId);
    }

    /** The number of the member that answers. */
    public long self() {
        return number(clusterId, self);
    }

    /** The present members, in the order of their numbers, unsigned. */
    public List<Member> all() {
        return present.get().stream()
                .sorted(Comparator.comparing(Member::number, Long::compareUnsigned))
                .toList();
    }

    /** Returns the number of a member, or 0 for null. */
    public long numberOf(@Nullable NodeId id) {
        return id == null ? 0 : number(clusterId, id);
    }

    /** Returns the member with a number; null if there is none. */
    public @Nullable NodeId idOf(long number) {
        for (Member member : present.get()) {
            if (member.number() == number) {
                return member.id();
            }
        }
        return null;
    }

    /** Returns the number of a member of a cluster. */
    public static long number(String clusterId, NodeId id) {
        return hash(clusterId + "/" + id);
    }

    private static long hash(String name) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
            long number = ByteBuffer.wrap(hash).getLong();
            return number == 0 ? 1 : number;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
