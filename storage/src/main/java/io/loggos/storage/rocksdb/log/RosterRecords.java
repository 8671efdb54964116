package io.loggos.storage.rocksdb.log;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.spi.Roster;
import io.loggos.internal.codec.ByteWriter;
import io.loggos.storage.rocksdb.record.RecordKind;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The roster of a store. It is held in memory, and each change is durable before the call returns. */
final class RosterRecords implements Roster {
    private final long incarnation;
    private final BatchCommitter committer;
    private final TreeMap<NodeId, Long> met;
    private final TreeSet<NodeId> rememberedBy;

    RosterRecords(long incarnation, BatchCommitter committer, SmallRecords loaded) {
        this.incarnation = incarnation;
        this.committer = committer;
        this.met = new TreeMap<>(loaded.met);
        this.rememberedBy = new TreeSet<>(loaded.rememberedBy);
    }

    @Override
    public long incarnation() {
        return incarnation;
    }

    @Override
    public synchronized Optional<Long> met(NodeId peer) {
        return Optional.ofNullable(met.get(peer));
    }

    @Override
    public synchronized boolean meet(NodeId peer, long peerIncarnation) {
        Long known = met.get(peer);
        if (known != null) {
            return known == peerIncarnation;
        }
        Bytes content = new ByteWriter(Long.BYTES).putLong(peerIncarnation).toBytes();
        committer.commit(batch -> batch.small(RecordKind.MET, peer.value(), content), true, true);
        met.put(peer, peerIncarnation);
        return true;
    }

    @Override
    public synchronized void rememberedBy(NodeId peer) {
        if (!rememberedBy.contains(peer)) {
            committer.commit(batch -> batch.small(RecordKind.REMEMBERED_BY, peer.value(), Bytes.EMPTY), true, true);
            rememberedBy.add(peer);
        }
    }

    @Override
    public synchronized Set<NodeId> rememberedBy() {
        return new TreeSet<>(rememberedBy);
    }
}
