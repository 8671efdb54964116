package io.loggos.storage.rocksdb.log;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.spi.Roster;
import io.loggos.api.spi.WriteMark;
import java.util.Optional;
import java.util.Set;

/** A store with the roster of its node in it. */
abstract class StoreWithRoster implements Roster {
    final RosterRecords roster;

    StoreWithRoster(RosterRecords roster) {
        this.roster = roster;
    }

    @Override
    public long incarnation() {
        return roster.incarnation();
    }

    @Override
    public Optional<Long> met(NodeId peer) {
        return roster.met(peer);
    }

    @Override
    public boolean meet(NodeId peer, long incarnation) {
        return roster.meet(peer, incarnation);
    }

    @Override
    public void replace(NodeId peer, long incarnation) {
        roster.replace(peer, incarnation);
    }

    @Override
    public Optional<Bytes> membership() {
        return roster.membership();
    }

    @Override
    public void membership(Bytes membership) {
        roster.membership(membership);
    }

    @Override
    public void rememberedBy(NodeId peer) {
        roster.rememberedBy(peer);
    }

    @Override
    public Set<NodeId> rememberedBy() {
        return roster.rememberedBy();
    }

    @Override
    public void begin(long life) {
        roster.begin(life);
    }

    @Override
    public long lastLife() {
        return roster.lastLife();
    }

    @Override
    public long syncedWrites() {
        return roster.syncedWrites();
    }

    @Override
    public WriteMark markOf(NodeId peer) {
        return roster.markOf(peer);
    }

    @Override
    public void note(NodeId peer, long life, long writes) {
        roster.note(peer, life, writes);
    }

    @Override
    public boolean holds(WriteMark mark) {
        return roster.holds(mark);
    }

    @Override
    public void fence(String reason) {
        roster.fence(reason);
    }

    @Override
    public Optional<String> fenced() {
        return roster.fenced();
    }
}
