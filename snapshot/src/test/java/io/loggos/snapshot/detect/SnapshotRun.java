package io.loggos.snapshot.detect;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.group.View;
import io.loggos.api.group.ViewId;
import io.loggos.api.snapshot.GlobalSnapshot;
import io.loggos.api.snapshot.SnapshotId;
import io.loggos.api.snapshot.cut.GroupCut;
import io.loggos.api.snapshot.cut.NodeCut;
import io.loggos.snapshot.detect.World.Sent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Runs a world at random with one snapshot on the way, and checks the findings.
 *
 * <p>The snapshot follows Chandy and Lamport. The findings are compared with what was true before it and is true after
 * it.
 */
final class SnapshotRun {
    static final String PARTICIPANT = "process";
    static final String GROUP = "talk";
    private static final int STEPS = 200;
    private static final int LOOK_EVERY = 5;

    private final World world;
    private final Random random;
    private final double deliveries;
    private final Bytes[] states;
    private final long[] sentAtCut;
    private final long[][] deliveredAtCut;
    private final long[][] delivered;
    private final boolean[][] closed;
    private final List<List<Sent>> recorded = new ArrayList<>();

    private SnapshotRun(World world, Random random) {
        this.world = world;
        this.random = random;
        this.deliveries = 0.2 + 0.6 * random.nextDouble();
        int nodes = world.nodes;
        this.states = new Bytes[nodes];
        this.sentAtCut = new long[nodes];
        this.delivered = new long[nodes][nodes];
        this.deliveredAtCut = new long[nodes][nodes];
        this.closed = new boolean[nodes][nodes];
        IntStream.range(0, nodes * nodes).forEach(i -> recorded.add(new ArrayList<>()));
    }

    /**
     * Runs a seed; returns the violation, or an empty text.
     *
     * @param find the facts that are found in a cut
     * @param complete whether the findings (second) are all that was true before (first)
     */
    static String violation(
            World world,
            Random random,
            Function<GlobalSnapshot, Set<String>> find,
            BiPredicate<Set<String>, Set<String>> complete) {
        SnapshotRun run = new SnapshotRun(world, random);
        run.toTheBegin();
        Set<String> before = world.facts();
        run.record(random.nextInt(world.nodes));
        while (!run.isComplete()) {
            run.step();
        }
        Set<String> found = find.apply(run.cut());
        if (!complete.test(before, found)) {
            return "true before the snapshot: " + before + ", found: " + found;
        }
        for (int i = 0; i < STEPS; i++) {
            if (i % LOOK_EVERY == 0 && !world.facts().containsAll(found)) {
                return "found: " + found + ", true " + i + " steps after: " + world.facts();
            }
            run.step();
        }
        return "";
    }

    /**
     * Goes to the begin: anywhere, or as soon as there is something to be found, when much of it is in the channels.
     */
    private void toTheBegin() {
        boolean soon = random.nextBoolean();
        int begin = random.nextInt(STEPS);
        for (int i = 0; i < begin && !(soon && !world.facts().isEmpty()); i++) {
            step();
        }
    }

    /** The computation that all worlds record. */
    static Computation computation(int nodes) {
        return Computation.of(
                IntStream.range(0, nodes).mapToObj(SnapshotRun::id).toList(), PARTICIPANT, GROUP);
    }

    private static NodeId id(int node) {
        return NodeId.of(node + 1);
    }

    private void step() {
        if (random.nextDouble() < deliveries) {
            deliver(random.nextInt(world.nodes), random.nextInt(world.nodes));
        } else {
            world.step(random.nextInt(world.nodes), random);
        }
    }

    private void deliver(int from, int to) {
        Sent next = world.channel(from, to).poll();
        if (next == null) {
            return;
        }
        if (next.number() == 0) {
            record(to);
            closed[from][to] = true;
            return;
        }
        if (states[to] != null && !closed[from][to]) {
            recorded(from, to).add(next);
        }
        delivered[from][to] = next.number();
        world.receive(to, from, next.message().toUtf8());
    }

    /** Lets a node record its state and send a marker on each channel; its messages to itself are there already. */
    private void record(int node) {
        if (states[node] != null) {
            return;
        }
        states[node] = world.state(node);
        sentAtCut[node] = world.sentBy(node);
        recorded(node, node).addAll(world.channel(node, node));
        closed[node][node] = true;
        for (int other = 0; other < world.nodes; other++) {
            deliveredAtCut[other][node] = delivered[other][node];
            if (other != node) {
                world.channel(node, other).add(Sent.MARKER);
            }
        }
    }

    private List<Sent> recorded(int from, int to) {
        return recorded.get(from * world.nodes + to);
    }

    private boolean isComplete() {
        return Arrays.stream(closed)
                .allMatch(row -> IntStream.range(0, row.length).allMatch(i -> row[i]));
    }

    private GlobalSnapshot cut() {
        List<NodeId> members =
                IntStream.range(0, world.nodes).mapToObj(SnapshotRun::id).toList();
        View view = new View(new ViewId(1, id(0), 1), members, true);
        List<Long> takenUp = Arrays.stream(sentAtCut)
                .mapToObj(sent -> sent - random.nextInt((int) Math.min(3, sent) + 1))
                .toList();
        TreeMap<NodeId, NodeCut> nodes = new TreeMap<>();
        for (int node = 0; node < world.nodes; node++) {
            TreeMap<Long, GroupCut.Sent> kept = new TreeMap<>();
            TreeMap<Long, GroupCut.Queued> queued = new TreeMap<>();
            TreeMap<NodeId, GroupCut.Sender> senders = new TreeMap<>();
            for (int other = 0; other < world.nodes; other++) {
                for (Sent each : recorded(node, other)) {
                    if (each.number() <= takenUp.get(node)) {
                        kept.put(each.number(), sent(each, other));
                    } else {
                        queued.put(each.number(), new GroupCut.Queued(id(other), each.message()));
                    }
                }
                senders.put(id(other), sender(other, node, takenUp.get(other)));
            }
            GroupCut group = new GroupCut(
                    GROUP, view, senders, List.of(), List.copyOf(kept.values()), List.copyOf(queued.values()));
            TreeMap<String, Bytes> state = new TreeMap<>();
            state.put(PARTICIPANT, states[node]);
            nodes.put(id(node), new NodeCut(id(node), 1, List.of(), List.of(group), state, new TreeMap<>()));
        }
        return new GlobalSnapshot(new SnapshotId(id(0), 1, 1), "test", view, Instant.EPOCH, nodes);
    }

    /** Puts messages in flight at random into one of the three places where a group has them. */
    private GroupCut.Sender sender(int from, int to, long takenUp) {
        List<GroupCut.Sent> held = new ArrayList<>();
        long received = deliveredAtCut[from][to];
        for (Sent each : recorded(from, to)) {
            if (each.number() > takenUp || random.nextBoolean()) {
                break;
            }
            held.add(sent(each, to));
            received = each.number();
        }
        return new GroupCut.Sender(deliveredAtCut[from][to], received, held);
    }

    private static GroupCut.Sent sent(Sent sent, int to) {
        return new GroupCut.Sent(sent.number(), id(to), GroupCut.Place.FIFO, List.of(sent.message()));
    }
}
