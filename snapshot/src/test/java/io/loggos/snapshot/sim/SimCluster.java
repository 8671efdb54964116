package io.loggos.snapshot.sim;

import io.loggos.api.NodeId;
import io.loggos.api.testkit.VirtualTime;
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
import java.util.function.Supplier;

/** Nodes with links and snapshots on a simulated network, and what watches them. */
final class SimCluster {
    private static final int LINES = 300;
    private static final long STEP_NANOS = 20_000_000L;

    final SimSettings settings;
    final SplittableRandom random;
    final VirtualTime time = new VirtualTime();
    final SimulatedNetwork network;
    final SimGroup group;
    final Ghost ghost;
    final TreeMap<NodeId, SimNode> nodes = new TreeMap<>();
    private final TreeMap<String, Long> notes = new TreeMap<>();
    private final boolean tracing;
    private final ArrayDeque<String> lines = new ArrayDeque<>();
    private final boolean printing = System.getProperty("sim.trace") != null;
    private long lastId;
    private long turns;
    private boolean turbulent;

    SimCluster(SimSettings settings, SplittableRandom random, boolean tracing) {
        this.settings = settings;
        this.random = random;
        this.tracing = tracing;
        network = new SimulatedNetwork(time, random);
        network.delay(50_000, settings.mostDelayNanos());
        group = new SimGroup(this, random.split());
        ghost = new Ghost(this);
        for (int i = 1; i <= settings.nodes(); i++) {
            nodes.put(NodeId.of(i), new SimNode(this, NodeId.of(i)));
        }
    }

    SortedSet<NodeId> ids() {
        return Collections.unmodifiableSortedSet(new TreeSet<>(nodes.keySet()));
    }

    SimNode any() {
        return new ArrayList<>(nodes.values()).get(random.nextInt(nodes.size()));
    }

    /** The lives that run now. */
    List<SimLife> lives() {
        List<SimLife> lives = new ArrayList<>();
        for (SimNode node : nodes.values()) {
            SimLife life = node.life();
            if (life != null) {
                lives.add(life);
            }
        }
        return lives;
    }

    /** Whether all nodes run, are in one view, and have received all that was sent. */
    boolean isSettled() {
        return group.isSettled()
                && lives().stream().allMatch(SimLife::isConnected)
                && ghost.isQuiet(lives().stream().map(life -> life.book).toList());
    }

    /** Whether faults strike. */
    boolean isTurbulent() {
        return turbulent;
    }

    void setTurbulent(boolean faults) {
        turbulent = faults;
    }

    /** An id that no other message has. */
    long nextId() {
        return ++lastId;
    }

    void runFor(long nanos) {
        time.runUntil(time.nanos() + nanos);
    }

    /** Runs until something holds; returns whether it came to hold in time. */
    boolean runUntilTrue(long mostNanos, BooleanSupplier condition) {
        long end = time.nanos() + mostNanos;
        while (!condition.getAsBoolean()) {
            if (time.nanos() > end) {
                return false;
            }
            runFor(STEP_NANOS);
        }
        return true;
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
