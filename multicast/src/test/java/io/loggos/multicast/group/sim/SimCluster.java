package io.loggos.multicast.group.sim;

import io.loggos.api.NodeId;
import io.loggos.api.group.GroupId;
import io.loggos.multicast.group.core.agreement.PrimaryLine;
import io.loggos.multicast.group.core.model.GroupMessage;
import io.loggos.multicast.group.sim.predicate.FoundingRules;
import io.loggos.multicast.group.sim.predicate.Ghost;
import io.loggos.testkit.sim.Simulation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Nodes with links and groups on a simulated network, and the checkers that watch them. */
final class SimCluster extends Simulation {
    private static final long LEAST_DELAY_NANOS = 50_000;
    private static final int PACKET_BYTES = 128 << 10;

    final SimSettings settings;
    final SplittableRandom random;
    final TreeMap<NodeId, SimNode> nodes = new TreeMap<>();
    final TreeMap<GroupId, Ghost> ghosts = new TreeMap<>();
    final TreeMap<GroupId, PrimaryLine> primaryLines = new TreeMap<>();
    private @Nullable Predicate<GroupMessage> trap;
    private Consumer<SimNode> trapped = node -> {};
    private int trapAfter;
    private boolean losingStates;
    private long lastId;
    private long disturbances;

    SimCluster(SimSettings settings, SplittableRandom random, boolean tracing) {
        super(random, LEAST_DELAY_NANOS, settings.mostDelayNanos(), tracing);
        this.settings = settings;
        this.random = random;
        for (int i = 1; i <= settings.nodes(); i++) {
            nodes.put(NodeId.of(i), new SimNode(this, NodeId.of(i)));
        }
        for (int i = 1; i <= settings.groups(); i++) {
            GroupId group = GroupId.ofName("group " + i);
            ghosts.put(
                    group,
                    new Ghost(
                            settings.nodes(),
                            settings.byLog(),
                            settings.options().partitionPolicy(),
                            settings.options().state().isPresent(),
                            settings.options().windowBytes()
                                    + PACKET_BYTES
                                    + 2L * settings.options().maxMessageBytes(),
                            new FoundingRules(
                                    settings.nodes(),
                                    settings.options().founders(),
                                    settings.electionNanos(),
                                    settings.options().foundingTimeout().toNanos())));
            primaryLines.put(group, new PrimaryLine());
        }
    }

    SortedSet<NodeId> ids() {
        return Collections.unmodifiableSortedSet(new TreeSet<>(nodes.keySet()));
    }

    SimNode node(NodeId id) {
        SimNode node = nodes.get(id);
        if (node == null) {
            throw new IllegalArgumentException("no " + id);
        }
        return node;
    }

    Ghost ghost(GroupId group) {
        Ghost ghost = ghosts.get(group);
        if (ghost == null) {
            throw new IllegalArgumentException("no " + group);
        }
        return ghost;
    }

    PrimaryLine line(GroupId group) {
        PrimaryLine line = primaryLines.get(group);
        if (line == null) {
            throw new IllegalArgumentException("no " + group);
        }
        return line;
    }

    /** Returns all members of some group. */
    List<SimMember> members() {
        List<SimMember> all = new ArrayList<>();
        nodes.values().forEach(node -> all.addAll(node.members.values()));
        return all;
    }

    SimNode any() {
        List<SimNode> all = new ArrayList<>(nodes.values());
        return all.get(random.nextInt(all.size()));
    }

    /** Returns an id that no other message has. */
    long nextId() {
        return ++lastId;
    }

    /** True if a node can reach a majority and be reached. */
    boolean hasMajority(NodeId id) {
        long reached = nodes.values().stream()
                .filter(node -> node.isUp()
                        && (node.id.equals(id) || (!network.isCut(id, node.id) && !network.isCut(node.id, id))))
                .count();
        return 2 * reached > nodes.size();
    }

    /** Sets a trap for the node that sends the so-many-th message of a kind, in the middle of that turn. */
    void setTrap(Predicate<GroupMessage> kind, int after, Consumer<SimNode> consequence) {
        trap = kind;
        trapAfter = after;
        trapped = consequence;
    }

    /** A node sends a message. */
    void springTrap(SimNode node, GroupMessage message) {
        Predicate<GroupMessage> armed = trap;
        if (armed != null && armed.test(message) && trapAfter-- <= 0) {
            trap = null;
            trapped.accept(node);
        }
    }

    void removeTrap() {
        trap = null;
    }

    /** Number of faults so far. */
    long disturbances() {
        return disturbances;
    }

    void disturbed() {
        disturbances++;
    }

    /** Tells if a state that was fetched does not arrive. */
    boolean losesState() {
        return losingStates && random.nextInt(3) == 0;
    }

    void loseStates(boolean lose) {
        losingStates = lose;
    }

    /** Runs until something holds; returns how long that took, or -1 if it does not come to hold in time. */
    long runUntilTrue(long mostNanos, BooleanSupplier condition) {
        return runUntilTrue(mostNanos, settings.electionNanos() / 20, condition);
    }
}
