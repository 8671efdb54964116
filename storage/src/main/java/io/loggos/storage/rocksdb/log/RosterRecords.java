package io.loggos.storage.rocksdb.log;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.spi.Roster;
import io.loggos.api.spi.StoreLives;
import io.loggos.api.spi.WriteMark;
import io.loggos.internal.codec.ByteWriter;
import io.loggos.storage.rocksdb.record.RecordKind;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The roster of a store. It is held in memory, and each change is durable before the call returns. */
final class RosterRecords implements Roster {
    private final long incarnation;
    private final BatchCommitter committer;
    private final TreeMap<NodeId, Long> met;
    private final TreeSet<NodeId> rememberedBy;
    private final PeerMarks marks;
    /** The number of writes with which the store was opened. */
    private final long openedWith;

    private StoreLives lives;
    private @Nullable String fenced;
    private @Nullable Bytes membership;

    RosterRecords(long incarnation, BatchCommitter committer, SmallRecords loaded) {
        this.incarnation = incarnation;
        this.committer = committer;
        this.met = new TreeMap<>(loaded.met);
        this.rememberedBy = new TreeSet<>(loaded.rememberedBy);
        this.marks = new PeerMarks(loaded.peerMarks);
        this.openedWith = committer.recoveredWrites();
        this.lives = new StoreLives(List.copyOf(loaded.lives.values()));
        this.fenced = loaded.fenced;
        this.membership = loaded.membership;
    }

    PeerMarks marks() {
        return marks;
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
    public synchronized void replace(NodeId peer, long peerIncarnation) {
        Long known = met.get(peer);
        if (known == null || known != peerIncarnation) {
            Bytes content = new ByteWriter(Long.BYTES).putLong(peerIncarnation).toBytes();
            committer.commit(batch -> batch.small(RecordKind.MET, peer.value(), content), true, true);
            met.put(peer, peerIncarnation);
            marks.forget(peer);
        }
    }

    @Override
    public synchronized Optional<Bytes> membership() {
        return Optional.ofNullable(membership);
    }

    @Override
    public synchronized void membership(Bytes newMembership) {
        committer.commit(batch -> batch.small(RecordKind.MEMBERSHIP, 0, newMembership), true, true);
        membership = newMembership;
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

    @Override
    public synchronized void begin(long life) {
        StoreLives.Life next = lives.next(life, openedWith);
        Bytes content = new ByteWriter(3 * Long.BYTES)
                .putLong(next.ordinal())
                .putLong(next.id())
                .putLong(next.after())
                .toBytes();
        committer.commit(batch -> batch.small(RecordKind.LIFE, next.ordinal() % StoreLives.KEPT, content), true, true);
        lives = lives.with(next);
    }

    @Override
    public synchronized long lastLife() {
        return lives.last();
    }

    @Override
    public long syncedWrites() {
        return committer.syncedWrites();
    }

    @Override
    public WriteMark markOf(NodeId peer) {
        return marks.of(peer);
    }

    @Override
    public void note(NodeId peer, long life, long writes) {
        WriteMark before = marks.of(peer);
        long store =
                before.incarnation() != 0 ? before.incarnation() : met(peer).orElse(0L);
        marks.note(peer, new WriteMark(store, life, writes));
    }

    @Override
    public synchronized boolean holds(WriteMark mark) {
        return mark.incarnation() != incarnation || lives.hold(mark, committer.syncedWrites());
    }

    @Override
    public synchronized void fence(String reason) {
        if (fenced == null) {
            fenced = reason;
            committer.commit(batch -> batch.small(RecordKind.FENCED, 0, Bytes.utf8(reason)), true, true);
        }
    }

    @Override
    public synchronized Optional<String> fenced() {
        return Optional.ofNullable(fenced);
    }
}
