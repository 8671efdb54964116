package io.loggos.testkit.network;

import io.loggos.api.NodeId;
import io.loggos.api.spi.Roster;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** A roster in memory, which may outlive the processes of a simulated node, as its disk would. Any thread. */
public final class MemoryRoster implements Roster {
    private final long incarnation;
    private final TreeMap<NodeId, Long> met = new TreeMap<>();
    private final TreeSet<NodeId> rememberedBy = new TreeSet<>();

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
    public synchronized void rememberedBy(NodeId peer) {
        rememberedBy.add(peer);
    }

    @Override
    public synchronized Set<NodeId> rememberedBy() {
        return new TreeSet<>(rememberedBy);
    }
}
