package io.loggos.paxos.sim.snapshot;

import io.loggos.api.NodeId;
import io.loggos.api.group.Ordering;
import io.loggos.api.node.Node;
import io.loggos.api.snapshot.GlobalSnapshot;
import io.loggos.api.snapshot.SnapshotException;
import io.loggos.api.snapshot.SnapshotId;
import io.loggos.api.snapshot.SnapshotOptions;
import io.loggos.internal.files.DurableFiles;
import io.loggos.paxos.runtime.restore.RestoredState;
import io.loggos.paxos.sim.SimCluster;
import io.loggos.paxos.sim.SimFaults;
import io.loggos.paxos.sim.SimNode;
import io.loggos.paxos.sim.SimSettings;
import io.loggos.paxos.sim.SimSettings.Fault;
import io.loggos.testkit.Violation;
import io.loggos.testkit.sim.Seeds;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Run of whole nodes in which any of them take snapshots all the time, several at once. Meanwhile clients use the
 * log, tokens go around in a group, and everything that can fail does.
 */
public final class SnapshotRun {
    static final Seeds<SimSettings, SimCluster> SEEDS =
            new Seeds<>((seed, random) -> SimSettings.draw(random).withUsualLinks(), SimCluster::new, SnapshotRun::go);

    private static final List<Ordering> ORDERINGS = List.of(Ordering.values());
    private static final SnapshotOptions LASTING = SnapshotOptions.builder()
            .retained(10_000)
            .deadline(Duration.ofSeconds(20))
            .build();

    private final SimCluster cluster;
    private final SplittableRandom random;
    private final SnapshotGhost ghost;
    private final Ordering ordering;
    private final TreeMap<NodeId, Node> lives = new TreeMap<>();
    private final TreeMap<NodeId, SimPurse> purses = new TreeMap<>();
    private long failed;
    private boolean calm;

    private SnapshotRun(SimCluster cluster, SplittableRandom random) {
        this.cluster = cluster;
        this.random = random;
        this.ordering = ORDERINGS.get(random.nextInt(ORDERINGS.size()));
        this.ghost = new SnapshotGhost(cluster, ordering);
        cluster.onStart(this::started);
    }

    /** Runs seeds inside the class loader of a mutant; see {@link Seeds#firstViolation}. */
    public static String firstViolation(long firstSeed, int seeds) {
        return SEEDS.firstViolation(firstSeed, seeds);
    }

    private static void go(SimCluster cluster, SplittableRandom random) {
        SnapshotRun run = new SnapshotRun(cluster, random.split());
        run.turbulence(random.split());
        run.restore(run.rest());
        cluster.journal.count("snapshots complete", run.ghost.complete().size());
        cluster.journal.count("snapshots failed", run.failed);
        cluster.journal.count("snapshots with purses of one view", run.ghost.checkedPurses());
        cluster.journal.count("snapshots with an order", run.ghost.checkedOrders());
        cluster.journal.count("tokens in channels", run.ghost.tokensInChannels());
        cluster.journal.count("messages in channels", run.ghost.messagesInChannels());
    }

    private void started(SimNode node, Node life) {
        lives.put(node.id, life);
        purses.put(node.id, new SimPurse(cluster, node, life, ordering, random.split()));
    }

    private @Nullable Node life(NodeId id) {
        return cluster.node(id.value()).isUp() ? lives.get(id) : null;
    }

    private void turbulence(SplittableRandom faultRandom) {
        // A node that is fenced or refused takes no part, and a snapshot needs all nodes.
        cluster.settings().faults().remove(Fault.OLDER_COPY);
        cluster.settings().faults().remove(Fault.WIPED_DISK);
        cluster.startAll();
        cluster.clients().start(Math.min(4, cluster.settings().clients()));
        cluster.runFor(3 * cluster.settings().electionNanos());
        takeLater();
        SimFaults faults = new SimFaults(cluster, faultRandom);
        faults.start();
        cluster.runFor(Math.min(5_000_000_000L, cluster.settings().turbulentNanos()));
        faults.stop();
        calm = true;
    }

    private void takeLater() {
        cluster.time.after(random.nextLong(1_000_000, 150_000_000), () -> {
            if (!calm) {
                int atOnce = random.nextInt(1, 3);
                for (int i = 0; i < atOnce; i++) {
                    CompletableFuture<GlobalSnapshot> unused = take(
                            cluster.ids().get(random.nextInt(cluster.ids().size())),
                            LASTING.toBuilder()
                                    .deadline(Duration.ofMillis(random.nextLong(20, 3_000)))
                                    .build());
                }
                takeLater();
            }
        });
    }

    private @Nullable CompletableFuture<GlobalSnapshot> take(NodeId id, SnapshotOptions options) {
        Node node = life(id);
        if (node == null) {
            return null;
        }
        CompletableFuture<GlobalSnapshot> snapshot = node.snapshot(options);
        CompletableFuture<?> unused = snapshot.whenComplete((found, failure) -> {
            if (found != null) {
                ghost.completed(found);
            } else {
                failed++;
                cluster.trace(id, () -> "takes no snapshot: " + failure);
            }
        });
        return snapshot;
    }

    /** CL5 and liveness: once all is well, what was begun has ended, and each node can take one. */
    private GlobalSnapshot rest() {
        long election = cluster.settings().electionNanos();
        cluster.runFor(6 * election);
        List<CompletableFuture<GlobalSnapshot>> last = new ArrayList<>();
        for (NodeId id : cluster.ids()) {
            CompletableFuture<GlobalSnapshot> one = take(id, LASTING);
            if (one != null) {
                last.add(one);
            }
        }
        if (cluster.runUntilTrue(22_000_000_000L, () -> last.stream().allMatch(CompletableFuture::isDone)) < 0) {
            throw new Violation(
                    "CL5",
                    "not all snapshots have ended: "
                            + last.stream().map(CompletableFuture::isDone).toList());
        }
        GlobalSnapshot found = null;
        for (CompletableFuture<GlobalSnapshot> one : last) {
            try {
                found = one.join();
            } catch (CompletionException e) {
                String reason =
                        e.getCause() instanceof SnapshotException ? e.getCause().getMessage() : e.toString();
                throw new Violation("CL5", "none can be taken when all is well: " + reason);
            }
        }
        cluster.runFor(2_000_000_000L);
        cluster.nodes().forEach(SnapshotRun::nothingIsLeftOf);
        return Objects.requireNonNull(found);
    }

    /** CL5: nothing of an aborted snapshot stays on disk. */
    private static void nothingIsLeftOf(SimNode node) {
        try {
            for (Path part : DurableFiles.list(node.root().resolve("snapshots"))) {
                SnapshotId unused = SnapshotId.parse(DurableFiles.name(part));
            }
        } catch (IllegalArgumentException e) {
            throw new Violation("CL5", node.id + " keeps a part of an aborted snapshot: " + e.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * CL9: all nodes begin anew with what their application had in a snapshot. Every token is there once, and the
     * multicasts in flight come once, in the order of the group.
     */
    private void restore(GlobalSnapshot cut) {
        TreeSet<NodeId> all = new TreeSet<>(cluster.ids());
        boolean whole = cut.nodes().keySet().equals(all)
                && cut.nodes().values().stream()
                        .allMatch(node -> node.groups().stream()
                                .anyMatch(group -> group.group().equals(SimPurse.GROUP)
                                        && group.view().members().size() == all.size()))
                && cut.states(SimPurse.PARTICIPANT, SimPurse.Held::of).values().stream()
                                .map(SimPurse.Held::view)
                                .distinct()
                                .count()
                        == 1;
        if (!whole) {
            return;
        }
        cluster.nodes().forEach(node -> node.crash(false));
        purses.clear();
        for (SimNode node : cluster.nodes()) {
            try {
                RestoredState.write(node.root(), cut, node.id, all);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        cluster.startAll();
        long patience = 60_000_000_000L + 20 * cluster.settings().electionNanos();
        List<Integer> expected = new ArrayList<>();
        all.forEach(node -> {
            for (int i = 0; i < SimPurse.MINTED; i++) {
                expected.add(node.value() * SimPurse.MINTED + i);
            }
        });
        if (cluster.runUntilTrue(patience, () -> purses.values().stream().allMatch(purse -> purse.sees(all.size())))
                < 0) {
            throw new Violation("CL9", "the group does not come together after a restore");
        }
        cluster.runFor(20_000_000L);
        purses.values().forEach(SimPurse::calm);
        if (cluster.runUntilTrue(patience, () -> tokens().equals(expected)) < 0) {
            throw new Violation("CL9", "after the restore of " + cut.id() + " there are " + tokens());
        }
        cluster.runFor(2_000_000_000L);
        ghost.order(
                "restored " + cut.id(),
                purses.values().stream().map(SimPurse::received).toList());
        cluster.journal.count("restores", 1);
        cluster.journal.count("messages restored", cut.inFlight(SimPurse.GROUP).size());
    }

    private List<Integer> tokens() {
        return purses.values().stream()
                .flatMap(purse -> purse.tokens().stream())
                .sorted()
                .toList();
    }
}
