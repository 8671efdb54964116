package io.loggos.testkit.network;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.spi.Roster;
import io.loggos.api.spi.StoreLives;
import io.loggos.api.spi.WriteMark;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A roster in memory, which may outlive the processes of a simulated node, as its disk would. Any thread. */
public final class MemoryRoster implements Roster {
    private final long incarnation;
    private final TreeMap<NodeId, Long> met = new TreeMap<>();
    private final TreeSet<NodeId> rememberedBy = new TreeSet<>();
    private final TreeMap<NodeId, WriteMark> marks = new TreeMap<>();
    private StoreLives lives = new StoreLives(List.of());
    private long synced;
    private @Nullable String fenced;
    private @Nullable Bytes membership;

    public MemoryRoster(long incarnation) {
        this.incarnation = incarnation;
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
    public synchronized boolean meet(NodeId peer, long other) {
        return met.computeIfAbsent(peer, key -> other) == other;
    }

    @Override
    public synchronized void replace(NodeId peer, long other) {
        Long known = met.put(peer, other);
        if (known == null || known != other) {
            marks.remove(peer);
        }
    }

    @Override
    public synchronized Optional<Bytes> membership() {
        return Optional.ofNullable(membership);
    }

    @Override
    public synchronized void membership(Bytes newMembership) {
        membership = newMembership;
    }

    @Override
    public synchronized void rememberedBy(NodeId peer) {
        rememberedBy.add(peer);
    }

    @Override
    public synchronized Set<NodeId> rememberedBy() {
        return new TreeSet<>(rememberedBy);
    }

    /** Sets the number of writes that are synced, which nothing else changes. */
    public synchronized void synced(long writes) {
        synced = writes;
    }

    @Override
    public synchronized void begin(long life) {
        lives = lives.with(lives.next(life, synced));
    }

    @Override
    public synchronized long lastLife() {
        return lives.last();
    }

    @Override
    public synchronized long syncedWrites() {
        return synced;
    }

    @Override
    public synchronized WriteMark markOf(NodeId peer) {
        return marks.getOrDefault(peer, WriteMark.NONE);
    }

    @Override
    public synchronized void note(NodeId peer, long life, long writes) {
        marks.put(peer, new WriteMark(met.getOrDefault(peer, 0L), life, writes));
    }

    @Override
    public synchronized boolean holds(WriteMark mark) {
        return mark.incarnation() != incarnation || lives.hold(mark, synced);
    }

    @Override
    public synchronized void fence(String reason) {
        fenced = fenced == null ? reason : fenced;
    }

    @Override
    public synchronized Optional<String> fenced() {
        return Optional.ofNullable(fenced);
    }
}
