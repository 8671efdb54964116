package io.loggos.paxos.sim.predicate;

import io.loggos.api.Ballot;
import io.loggos.api.NodeId;
import io.loggos.api.spi.LogEntry;
import io.loggos.api.spi.LogRecord;
import io.loggos.paxos.core.model.Configuration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The configurations of a log as its chosen prefix decides them, and the one in which each acceptor stands.
 *
 * <p>A vote counts in the configuration in which its acceptor stands, and only for a slot of that.
 */
public final class Voters {
    private record Decided(Configuration configuration, long slot) {}

    /** By number. The first one has no stores: they are those that the nodes had at first. */
    private final TreeMap<Long, Decided> decided = new TreeMap<>();
    /** The store that each node has now, and the one that it had at first. */
    private final Map<Integer, Long> stores = new HashMap<>();

    private final Map<Integer, Long> founders = new HashMap<>();
    /** The number of the configuration in which each node stands, by its disk. */
    private final Map<Integer, Long> stands = new HashMap<>();
    /** The number of the configuration in which a value was proposed in a ballot. */
    private final Map<Ballot, Long> usedIn = new HashMap<>();

    Voters(int founding) {
        TreeSet<NodeId> nodes = new TreeSet<>();
        for (int node = 1; node <= founding; node++) {
            nodes.add(NodeId.of(node));
            stands.put(node, 1L);
        }
        decided.put(1L, new Decided(Configuration.initial(nodes), 0));
    }

    /** Notes the store of a node: its first one, or one in place of a lost one, which stands nowhere yet. */
    void store(int node, long incarnation) {
        Long before = stores.put(node, incarnation);
        if (before == null) {
            founders.put(node, incarnation);
        } else {
            stands.put(node, 0L);
        }
    }

    /** The number of the configuration of the slot behind the chosen prefix. */
    public long number() {
        return decided.lastKey();
    }

    /** The number of the configuration in which a node stands. */
    long of(int node) {
        return stands.getOrDefault(node, 0L);
    }

    /** The number of the configuration in which a ballot was used; the last one if it was used in none. */
    public long of(Ballot ballot) {
        return usedIn.getOrDefault(ballot, number());
    }

    /** Notes that a value is proposed in a ballot. */
    void uses(Ballot ballot, long number) {
        usedIn.put(ballot, number);
    }

    /** The number of the configuration to which a chosen slot, or the next one, belongs. */
    long ofSlot(long slot) {
        long number = decided.firstKey();
        for (Map.Entry<Long, Decided> each : decided.entrySet()) {
            if (each.getValue().slot < slot) {
                number = each.getKey();
            }
        }
        return number;
    }

    /** Takes a stop-sign of the chosen prefix. */
    void stops(long slot, Configuration next) {
        decided.put(next.number(), new Decided(next, slot));
    }

    /** Takes the configuration that a log was begun in, because nothing of it was chosen in an earlier one. */
    private void begins(Configuration configuration) {
        decided.put(configuration.number(), new Decided(configuration, 0));
    }

    /** Tells if the present store of a node is a voter of a configuration. */
    boolean isVoter(int node, long number) {
        Decided in = decided.get(number);
        if (in == null) {
            return false;
        }
        long store = stores.getOrDefault(node, 0L);
        return number == 1
                ? in.configuration.bit(NodeId.of(node)) != 0 && founders.getOrDefault(node, 0L) == store
                : in.configuration.isVoter(NodeId.of(node), store);
    }

    /** Tells if these nodes, by their bits, are a quorum of a configuration. */
    boolean isQuorum(int nodes, long number) {
        Decided in = decided.get(number);
        if (in == null) {
            return false;
        }
        long votes = 0;
        for (NodeId voter : in.configuration.voters()) {
            votes |= (nodes & 1 << voter.value()) != 0 ? in.configuration.bit(voter) : 0;
        }
        return in.configuration.isQuorum(votes);
    }

    /** Notes that a node stands in a configuration. Returns what is wrong with that, or null. */
    @Nullable
    String enters(int node, LogRecord.Configured record, long chosenPrefix) {
        if (record.number() <= of(node)) {
            return "stands in " + of(node) + " and enters " + record.number();
        }
        Configuration configuration = Configuration.of(record.configuration());
        if (record.slot() == 0 && chosenPrefix == 0 && !decided.containsKey(record.number())) {
            begins(configuration);
        }
        Decided known = decided.get(record.number());
        if (known == null || !known.configuration.equals(configuration)) {
            return "enters " + configuration + ", which is not chosen";
        }
        if (record.slot() < known.slot || ofSlot(record.slot() + 1) != record.number()) {
            return "enters " + configuration + " behind slot " + record.slot() + ", it begins behind " + known.slot;
        }
        stands.put(node, record.number());
        return null;
    }

    /** Takes what a node has recovered. */
    void recovered(int node, LogRecord.@Nullable Configured record) {
        if (record != null) {
            stands.put(node, record.number());
        } else {
            // A record without a sync may be lost, and nothing was answered in its configuration.
            stands.put(node, isVoter(node, 1) ? 1L : 0L);
        }
    }

    /** Tells if a recovered entry was accepted in a configuration that ended before its slot. */
    static boolean isVoid(LogEntry entry, LogRecord.@Nullable Configured configured) {
        return configured != null
                && entry.slot() > configured.slot()
                && !entry.ballot().isAbove(configured.voided());
    }

    /** True if the store of a node is a member of the last decided configuration. */
    public boolean isMember(int node) {
        return number() == 1
                ? isVoter(node, 1)
                : decided.lastEntry().getValue().configuration.has(NodeId.of(node), stores.getOrDefault(node, 0L));
    }
}
