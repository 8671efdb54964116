package io.loggos.multicast.group.sim;

import io.loggos.api.NodeId;
import io.loggos.api.group.GroupId;
import io.loggos.api.testkit.VirtualTime;
import io.loggos.multicast.group.core.agreement.PrimaryLine;
import io.loggos.multicast.group.core.model.GroupMessage;
import io.loggos.multicast.testkit.SimulatedNetwork;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Nodes with links and groups on a simulated network, and what watches them. */
final class SimCluster {
    private static final int LINES = 300;
    private static final int PACKET_BYTES = 128 << 10;

    final SimSettings settings;
    final SplittableRandom random;
    final VirtualTime time = new VirtualTime();
    final SimulatedNetwork network;
    final TreeMap<NodeId, SimNode> nodes = new TreeMap<>();
    final TreeMap<GroupId, Ghost> ghosts = new TreeMap<>();
    final TreeMap<GroupId, PrimaryLine> primaryLines = new TreeMap<>();
    private final TreeMap<String, Long> notes = new TreeMap<>();
    private final boolean tracing;
    private final ArrayDeque<String> lines = new ArrayDeque<>();
    private final boolean printing = System.getProperty("sim.trace") != null;
    private @Nullable Predicate<GroupMessage> trap;
    private Consumer<SimNode> trapped = node -> {};
    private int trapAfter;
    private boolean losingStates;
    private long lastId;
    private long turns;

    SimCluster(SimSettings settings, SplittableRandom random, boolean tracing) {
        this.settings = settings;
        this.random = random;
        this.tracing = tracing;
        network = new SimulatedNetwork(time, random);
        network.delay(50_000, settings.mostDelayNanos());
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
                                    + 2L * settings.options().maxMessageBytes()));
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

    /** All that take part in some group now. */
    List<SimMember> members() {
        List<SimMember> all = new ArrayList<>();
        nodes.values().forEach(node -> all.addAll(node.members.values()));
        return all;
    }

    SimNode any() {
        List<SimNode> all = new ArrayList<>(nodes.values());
        return all.get(random.nextInt(all.size()));
    }

    /** An id that no other message has. */
    long nextId() {
        return ++lastId;
    }

    /** Whether a node can reach a majority and be reached. */
    boolean hasMajority(NodeId id) {
        long reached = nodes.values().stream()
                .filter(node -> node.isUp()
                        && (node.id.equals(id) || (!network.isCut(id, node.id) && !network.isCut(node.id, id))))
                .count();
        return 2 * reached > nodes.size();
    }

    /** Something happens to whoever sends the so-many-th message of a kind from now on, in the middle of that turn. */
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

    /** Whether a state that was fetched does not arrive. */
    boolean losesState() {
        return losingStates && random.nextInt(3) == 0;
    }

    void loseStates(boolean lose) {
        losingStates = lose;
    }

    void runFor(long nanos) {
        time.runUntil(time.nanos() + nanos);
    }

    /** Runs until something holds; returns how long that took, or -1 if it does not come to hold in time. */
    long runUntilTrue(long mostNanos, BooleanSupplier condition) {
        long begin = time.nanos();
        while (!condition.getAsBoolean()) {
            if (time.nanos() - begin > mostNanos) {
                return -1;
            }
            runFor(settings.electionNanos() / 20);
        }
        return time.nanos() - begin;
    }

    void note(String event) {
        notes.merge(event, 1L, Long::sum);
    }

    void turned() {
        turns++;
    }

    long turns() {
        return turns;
    }

    void trace(Object who, Supplier<String> what) {
        if (tracing) {
            String line = String.format("%9.3f %s %s", time.nanos() / 1e6, who, what.get());
            lines.add(line);
            if (lines.size() > LINES) {
                lines.remove();
            }
            if (printing) {
                System.out.println(line);
            }
        }
    }

    List<String> lastLines() {
        return List.copyOf(lines);
    }

    Map<String, Long> notes() {
        return notes;
    }
}
