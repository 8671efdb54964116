package io.loggos.snapshot.sim;

import io.loggos.api.NodeId;
import io.loggos.snapshot.sim.predicate.Book;
import io.loggos.snapshot.sim.predicate.Ghost;
import io.loggos.testkit.sim.Simulation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;

/** Nodes with links and snapshots on a simulated network, and the checkers that watch them. */
final class SimCluster extends Simulation {
    private static final long LEAST_DELAY_NANOS = 50_000;
    private static final long STEP_NANOS = 20_000_000L;

    final SimSettings settings;
    final SplittableRandom random;
    final SimGroup group;
    final Ghost ghost;
    final TreeMap<NodeId, SimNode> nodes = new TreeMap<>();
    private long lastId;
    private boolean turbulent;

    SimCluster(SimSettings settings, SplittableRandom random, boolean tracing) {
        super(random, LEAST_DELAY_NANOS, settings.mostDelayNanos(), tracing);
        this.settings = settings;
        this.random = random;
        group = new SimGroup(this, random.split());
        ghost = new Ghost(journal, settings.nodes(), settings.isCalm());
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

    /** Returns the lives that run now. */
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

    /** True if all nodes run, are in one view, and have received all that was sent. */
    boolean isSettled() {
        return group.isSettled() && lives().stream().allMatch(SimLife::isConnected) && ghost.isQuiet(books());
    }

    /** Returns the books of the lives that run now. */
    List<Book> books() {
        return lives().stream().map(life -> life.book).toList();
    }

    /** True while faults strike. */
    boolean isTurbulent() {
        return turbulent;
    }

    void setTurbulent(boolean faults) {
        turbulent = faults;
    }

    /** Returns an id that no other message has. */
    long nextId() {
        return ++lastId;
    }

    /** Runs until something holds; returns false if it does not come to hold in time. */
    boolean comesTrue(long mostNanos, BooleanSupplier condition) {
        return runUntilTrue(mostNanos, STEP_NANOS, condition) >= 0;
    }
}
