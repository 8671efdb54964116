package io.loggos.testkit.sim;

import io.loggos.api.NodeId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Lets things go wrong, one after the other, until it is stopped; then mends all of it. A subclass says what each kind of
 * fault does; the faults of the network are here.
 *
 * @param <F> the kinds of faults
 */
public abstract class Faults<F extends Enum<F>> {
    protected final SplittableRandom random;
    private final Simulation world;
    private final List<NodeId> nodes;
    private final List<F> kinds;
    private final long everyNanos;
    private boolean striking;

    /**
     * Faults that have not begun.
     *
     * @param everyNanos mean time between two faults
     */
    protected Faults(
            Simulation world, SplittableRandom random, Collection<NodeId> nodes, Set<F> kinds, long everyNanos) {
        this.world = world;
        this.random = random;
        this.nodes = List.copyOf(nodes);
        this.kinds = List.copyOf(kinds);
        this.everyNanos = everyNanos;
    }

    /** Makes a fault happen. */
    protected abstract void strike(F fault);

    /** Mends everything but the network, when the faults are over. */
    protected abstract void mend();

    /** Draws the time until a fault is mended, in nanoseconds. */
    protected abstract long aWhile();

    public void start() {
        striking = true;
        if (!kinds.isEmpty()) {
            next();
        }
    }

    private void next() {
        world.time.after(random.nextLong(everyNanos / 4, 2 * everyNanos), () -> {
            if (striking) {
                strike(kinds.get(random.nextInt(kinds.size())));
                next();
            }
        });
    }

    /** Mends everything. */
    public final void stop() {
        striking = false;
        world.trace("faults", () -> "are over");
        world.network.healAll();
        world.usualDelays();
        mend();
    }

    /** Mends something after a while, unless everything has been mended by then. */
    protected final void later(Runnable mending) {
        world.time.after(aWhile(), () -> {
            if (striking) {
                mending.run();
            }
        });
    }

    /** Cuts the nodes into two parts. */
    protected final void partition() {
        List<NodeId> one = new ArrayList<>();
        List<NodeId> other = new ArrayList<>();
        nodes.forEach(id -> (random.nextBoolean() ? one : other).add(id));
        world.trace("partition", () -> one + " " + other);
        one.forEach(a -> other.forEach(b -> world.network.cutBoth(a, b)));
        later(() -> one.forEach(a -> other.forEach(b -> world.network.healBoth(a, b))));
    }

    /** Cuts some pairs of nodes. */
    protected final void partialPartition() {
        for (NodeId a : nodes) {
            for (NodeId b : nodes) {
                if (a.compareTo(b) < 0 && random.nextInt(3) == 0) {
                    world.trace(a, () -> "is cut from " + b);
                    world.network.cutBoth(a, b);
                    later(() -> world.network.healBoth(a, b));
                }
            }
        }
    }

    /** Cuts one way between two nodes. */
    protected final void oneWayCut(NodeId from, NodeId to) {
        if (!from.equals(to)) {
            world.trace(from, () -> "is not heard by " + to);
            world.network.cut(from, to);
            later(() -> world.network.heal(from, to));
        }
    }

    /** Lets frames take up to so long. */
    protected final void longDelays(long mostNanos) {
        world.longestDelay(mostNanos);
        later(world::usualDelays);
    }
}
