package io.loggos.storage.rocksdb;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.StorageException;
import io.loggos.api.spi.ByteReader;
import io.loggos.api.spi.ByteWriter;
import io.loggos.api.spi.MalformedException;
import java.nio.file.Path;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.zip.CRC32C;

/**
 * Whose store a directory is, as its file {@code identity} says: format version, cluster id, node id, the members
 * of the cluster it was made in, incarnation, and the CRC-32C over them. The file is written last when a store is made: it is the mark that the store is whole.
 *
 * @param incarnation drawn when the store was made; positive
 */
record StoreIdentity(String clusterId, NodeId node, SortedSet<NodeId> members, long incarnation) {
    /** The version of the store as a whole. Later versions keep the form of its first field and the sum at the end. */
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

    /** Reads what {@code file} holds, for whose name the errors are. */
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

    /**
     * Refuses a store that is another's, or of a cluster of other members: quorums of two sets of members need not
     * meet, so what one of them has chosen the other might not see.
     */
    void require(String expectedClusterId, NodeId expectedNode, SortedSet<NodeId> expectedMembers, Path directory) {
        if (!clusterId.equals(expectedClusterId) || !node.equals(expectedNode)) {
            throw new StorageException(
                    StorageException.Kind.OTHER_IDENTITY,
                    directory + " belongs to node " + node + " of cluster '" + clusterId + "', not to node "
                            + expectedNode + " of cluster '" + expectedClusterId + "'. Nothing was changed");
        }
        if (!members.equals(expectedMembers)) {
            throw new StorageException(
                    StorageException.Kind.OTHER_IDENTITY,
                    directory + " was made in a cluster of " + members + ", not of " + expectedMembers
                            + "; members cannot be changed by configuring others. Nothing was changed");
        }
    }

    private static int sum(Bytes body) {
        CRC32C crc = new CRC32C();
        crc.update(body.backingArray(), body.backingOffset(), body.size());
        return (int) crc.getValue();
    }
}
