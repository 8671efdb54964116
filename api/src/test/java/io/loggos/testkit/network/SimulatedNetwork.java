package io.loggos.testkit.network;

import io.loggos.api.NodeId;
import io.loggos.api.spi.Transport;
import io.loggos.testkit.VirtualTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Network on virtual time. It delays, cuts one way or both, and breaks connections. A connection that breaks loses a random
 * tail of what it had in flight, as a FIFO without holes must. Everything that happens is an event of {@link VirtualTime} and
 * drawn from one seeded generator, so a run is a function of its seed.
 *
 * <p>A cut is silent. A connection on which something is sent while its way is cut is doomed. Nothing more gets through in that
 * direction, even when the cut heals; its ends may learn of it late or never.
 */
public final class SimulatedNetwork {
    /** One way between two nodes. */
    private record Way(int from, int to) implements Comparable<Way> {
        static Way of(NodeId from, NodeId to) {
            return new Way(from.value(), to.value());
        }

        @Override
        public int compareTo(Way other) {
            int byFrom = Integer.compare(from, other.from);
            return byFrom != 0 ? byFrom : Integer.compare(to, other.to);
        }
    }

    private record Delay(long leastNanos, long mostNanos) {}

    private final VirtualTime time;
    private final RandomGenerator random;
    /** The running life of each node that has started one. */
    private final TreeMap<NodeId, SimulatedTransport> lives = new TreeMap<>();

    private final List<SimulatedConnection> connections = new ArrayList<>();
    private final TreeMap<Way, Delay> delays = new TreeMap<>();
    private final TreeMap<Way, Long> bytesPerSecond = new TreeMap<>();
    private final TreeSet<Way> cuts = new TreeSet<>();
    private final TreeMap<NodeId, ArrayDeque<Runnable>> held = new TreeMap<>();
    private Delay usualDelay = new Delay(100_000, 1_000_000);
    private BiConsumer<NodeId, Runnable> dispatch = (node, call) -> call.run();
    private double bulkFailures;
    private double bulkCorruption;
    private long framesDelivered;
    private long framesLost;

    public SimulatedNetwork(VirtualTime time, RandomGenerator random) {
        this.time = time;
        this.random = random;
    }

    /**
     * The transport of one process life of a node. It takes part from its {@link Transport#start} until it is
     * closed or crashes.
     */
    public Transport attach(NodeId node) {
        return new SimulatedTransport(this, node);
    }

    /** Every call of a node's listener goes through this, in order; by default it is simply made. */
    public void dispatch(BiConsumer<NodeId, Runnable> dispatch) {
        this.dispatch = dispatch;
    }

    /** Delays between all nodes that have none of their own. */
    public void delay(long leastNanos, long mostNanos) {
        usualDelay = new Delay(leastNanos, mostNanos);
    }

    /** Delays one way. */
    public void delay(NodeId from, NodeId to, long leastNanos, long mostNanos) {
        delays.put(Way.of(from, to), new Delay(leastNanos, mostNanos));
    }

    /** Limits the bandwidth of one way, which is unlimited at first. */
    public void bandwidth(NodeId from, NodeId to, long bytesPerSecond) {
        this.bytesPerSecond.put(Way.of(from, to), bytesPerSecond);
    }

    /**
     * Sets the faults of the bulk lane.
     *
     * @param failures probability that a request goes unanswered
     * @param corruption probability that a byte of an answer is wrong
     */
    public void bulkFaults(double failures, double corruption) {
        bulkFailures = failures;
        bulkCorruption = corruption;
    }

    /** The process of a node is killed: its peers see its connections end, after what still arrives. */
    public void crash(NodeId node) {
        SimulatedTransport life = end(node);
        if (life != null) {
            for (SimulatedConnection connection : connectionsOf(life)) {
                connection.crashed(life, false);
            }
        }
    }

    /** A node loses its power: its peers see nothing. */
    public void powerOff(NodeId node) {
        SimulatedTransport life = end(node);
        if (life != null) {
            for (SimulatedConnection connection : connectionsOf(life)) {
                connection.crashed(life, true);
            }
        }
    }

    /** Cuts one way. */
    public void cut(NodeId from, NodeId to) {
        cuts.add(Way.of(from, to));
    }

    /** Cuts both ways. */
    public void cutBoth(NodeId one, NodeId other) {
        cut(one, other);
        cut(other, one);
    }

    /** Ends a cut one way. */
    public void heal(NodeId from, NodeId to) {
        cuts.remove(Way.of(from, to));
    }

    /** Ends a cut both ways. */
    public void healBoth(NodeId one, NodeId other) {
        heal(one, other);
        heal(other, one);
    }

    /** Ends all cuts. */
    public void healAll() {
        cuts.clear();
    }

    public boolean isCut(NodeId from, NodeId to) {
        return cuts.contains(Way.of(from, to));
    }

    /** Breaks all connections between two nodes, whoever dialled them. */
    public void breakConnection(NodeId one, NodeId other) {
        for (SimulatedConnection connection : List.copyOf(connections)) {
            if (connection.isBetween(one, other)) {
                connection.broken();
            }
        }
    }

    /** Holds everything back that would be reported to a node. */
    public void pause(NodeId node) {
        held.computeIfAbsent(node, key -> new ArrayDeque<>());
    }

    /** Reports to a node what was held back, in order, and goes on. */
    public void resume(NodeId node) {
        ArrayDeque<Runnable> calls = held.remove(node);
        if (calls != null) {
            for (Runnable call : calls) {
                dispatch.accept(node, call);
            }
        }
    }

    /** Frames that have arrived so far. */
    public long framesDelivered() {
        return framesDelivered;
    }

    /** Frames that were lost with their connection so far. */
    public long framesLost() {
        return framesLost;
    }

    VirtualTime time() {
        return time;
    }

    RandomGenerator random() {
        return random;
    }

    void started(SimulatedTransport life) {
        if (lives.putIfAbsent(life.node(), life) != null) {
            throw new IllegalStateException(life.node() + " is running already");
        }
    }

    void closed(SimulatedTransport life) {
        if (lives.get(life.node()) == life) {
            end(life.node());
            for (SimulatedConnection connection : connectionsOf(life)) {
                connection.crashed(life, false);
            }
        }
    }

    @Nullable
    SimulatedTransport running(NodeId node) {
        return lives.get(node);
    }

    void opened(SimulatedConnection connection) {
        connections.add(connection);
    }

    void ended(SimulatedConnection connection) {
        connections.remove(connection);
    }

    void countDelivered() {
        framesDelivered++;
    }

    void countLost() {
        framesLost++;
    }

    boolean bulkFails() {
        return random.nextDouble() < bulkFailures;
    }

    boolean bulkIsCorrupt() {
        return random.nextDouble() < bulkCorruption;
    }

    /** Draws the time that so many bytes are under way. */
    long delayNanos(NodeId from, NodeId to, long bytes) {
        Way way = Way.of(from, to);
        Delay delay = delays.getOrDefault(way, usualDelay);
        long nanos = delay.leastNanos() + random.nextLong(delay.mostNanos() - delay.leastNanos() + 1);
        Long rate = bytesPerSecond.get(way);
        return rate == null ? nanos : nanos + bytes * 1_000_000_000L / rate;
    }

    /** Calls a life's listener, now or when the node is resumed; not at all if the life is over by then. */
    void call(SimulatedTransport life, Runnable call) {
        Runnable checked = () -> {
            if (running(life.node()) == life) {
                call.run();
            }
        };
        ArrayDeque<Runnable> waiting = held.get(life.node());
        if (waiting != null) {
            waiting.add(checked);
        } else {
            dispatch.accept(life.node(), checked);
        }
    }

    private @Nullable SimulatedTransport end(NodeId node) {
        ArrayDeque<Runnable> waiting = held.get(node);
        if (waiting != null) {
            waiting.clear();
        }
        return lives.remove(node);
    }

    private List<SimulatedConnection> connectionsOf(SimulatedTransport life) {
        return connections.stream().filter(connection -> connection.isOf(life)).toList();
    }
}
