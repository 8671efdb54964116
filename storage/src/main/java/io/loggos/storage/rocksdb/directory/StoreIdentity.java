package io.loggos.storage.rocksdb.directory;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.StorageException;
import io.loggos.internal.codec.ByteReader;
import io.loggos.internal.codec.ByteWriter;
import io.loggos.internal.codec.MalformedException;
import java.nio.file.Path;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.zip.CRC32C;

/**
 * The owner of a store, as stored in the file {@code identity}. The file holds: format version, cluster id, node id,
 * the members of the cluster at creation, incarnation, and the CRC-32C over them. It is written last when a store is
 * created, so it marks the store as complete.
 *
 * @param incarnation drawn when the store was created; positive
 */
public record StoreIdentity(String clusterId, NodeId node, SortedSet<NodeId> members, long incarnation) {
    /** Version of the whole store format. Later versions keep the form of the first field and the CRC at the end. */
    static final int FORMAT = 1;

    Bytes encode() {
        ByteWriter writer = new ByteWriter(64)
                .putInt(FORMAT)
                .putText(clusterId)
                .putInt(node.value())
                .putInt(members.size());
        members.forEach(member -> writer.putInt(member.value()));
        Bytes body = writer.putLong(incarnation).toBytes();
        return new ByteWriter(body.size() + Integer.BYTES)
                .putRaw(body)
                .putInt(sum(body))
                .toBytes();
    }

    /** Decodes the content of {@code file}; errors name that file. */
    static StoreIdentity decode(Bytes bytes, Path file) {
        int bodyBytes = bytes.size() - Integer.BYTES;
        if (bodyBytes < Integer.BYTES
                || new ByteReader(bytes.slice(bodyBytes, Integer.BYTES)).getInt() != sum(bytes.slice(0, bodyBytes))) {
            throw new StorageException(StorageException.Kind.CORRUPT, file + " does not check");
        }
        ByteReader reader = new ByteReader(bytes.slice(0, bodyBytes));
        int format = reader.getInt();
        if (format != FORMAT) {
            throw new StorageException(
                    StorageException.Kind.OTHER_FORMAT,
                    file + " says format " + format + "; this library reads format " + FORMAT
                            + ". Nothing was changed");
        }
        try {
            String clusterId = reader.getText();
            NodeId node = reader.getNode();
            SortedSet<NodeId> members = new TreeSet<>();
            for (int left = reader.getElementCount(Integer.BYTES); left > 0; left--) {
                members.add(reader.getNode());
            }
            StoreIdentity identity = new StoreIdentity(clusterId, node, members, reader.getLong());
            reader.end();
            return identity;
        } catch (MalformedException e) {
            throw new StorageException(StorageException.Kind.CORRUPT, file + ": " + e.getMessage(), e);
        }
    }

    /** Refuses a store of another cluster or node. */
    void require(String expectedClusterId, NodeId expectedNode, Path directory) {
        if (!clusterId.equals(expectedClusterId) || !node.equals(expectedNode)) {
            throw new StorageException(
                    StorageException.Kind.OTHER_IDENTITY,
                    directory + " belongs to node " + node + " of cluster '" + clusterId + "', not to node "
                            + expectedNode + " of cluster '" + expectedClusterId + "'. Nothing was changed");
        }
    }

    /** Returns the same store in a cluster of other members. */
    public StoreIdentity among(SortedSet<NodeId> otherMembers) {
        return new StoreIdentity(clusterId, node, otherMembers, incarnation);
    }

    /**
     * Returns the refusal of a store that was used in a cluster of other members. Quorums of two different sets of
     * members may not intersect. So a value that one of them has chosen could be missed by the other.
     */
    public StorageException otherMembers(SortedSet<NodeId> expectedMembers, StoreDirectory directory) {
        return new StorageException(
                StorageException.Kind.OTHER_IDENTITY,
                directory + " was used in a cluster of " + members + ", not of " + expectedMembers
                        + "; members cannot be changed by configuring others. Nothing was changed");
    }

    private static int sum(Bytes body) {
        CRC32C crc = new CRC32C();
        crc.update(body.backingArray(), body.backingOffset(), body.size());
        return (int) crc.getValue();
    }
}
