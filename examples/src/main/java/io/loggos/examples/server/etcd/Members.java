package io.loggos.examples.server.etcd;

import io.loggos.api.NodeId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * The members of the cluster as etcd clients see them. etcd names members and clusters by 64-bit numbers. Here these
 * are hashes of the names, so all nodes agree on them without communication.
 *
 * @param clusterNumber the number of the cluster
 * @param self the number of the member that answers
 * @param all the members in the order of their numbers, unsigned
 */
public record Members(String clusterId, long clusterNumber, long self, List<Member> all) {
    /**
     * One member.
     *
     * @param peerUrls the URLs for other members
     * @param clientUrls the URLs for its clients; none if this node was not told
     */
    public record Member(long number, NodeId id, List<String> peerUrls, List<String> clientUrls) {}

    public Members {
        all = List.copyOf(all);
    }

    /** Returns the members of a cluster, as seen by one of them. */
    public static Members of(
            String clusterId,
            NodeId self,
            SortedMap<NodeId, List<String>> peers,
            SortedMap<NodeId, List<String>> clients) {
        List<Member> all = new ArrayList<>();
        peers.forEach((id, peer) ->
                all.add(new Member(number(clusterId, id), id, peer, clients.getOrDefault(id, List.of()))));
        all.sort(Comparator.comparing(Member::number, Long::compareUnsigned));
        return new Members(clusterId, hash(clusterId), number(clusterId, self), all);
    }

    /** Returns the number of a member, or 0 for null. */
    public long numberOf(@Nullable NodeId id) {
        return id == null ? 0 : number(clusterId, id);
    }

    /** Returns the member with a number; null if there is none. */
    public @Nullable NodeId idOf(long number) {
        for (Member member : all) {
            if (member.number() == number) {
                return member.id();
            }
        }
        return null;
    }

    /** Returns the number of a member of a cluster. */
    public static long numberOf(String clusterId, NodeId id) {
        return number(clusterId, id);
    }

    private static long number(String clusterId, NodeId id) {
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
