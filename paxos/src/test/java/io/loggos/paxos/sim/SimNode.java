package io.loggos.paxos.sim;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import io.loggos.api.Bytes;
import io.loggos.api.LogId;
import io.loggos.api.NodeId;
import io.loggos.api.node.NodeOptions;
import io.loggos.api.replica.Replica;
import io.loggos.api.replica.ReplicaStatus;
import io.loggos.api.spi.CheckpointManifest;
import io.loggos.api.spi.MeterScope;
import io.loggos.internal.files.DurableFiles;
import io.loggos.paxos.Gauges;
import io.loggos.paxos.core.model.PaxosEvent;
import io.loggos.paxos.runtime.LoggosNode;
import io.loggos.paxos.runtime.NodeEnvironment;
import io.loggos.paxos.runtime.ViewHints;
import io.loggos.paxos.sim.predicate.Bounds;
import io.loggos.paxos.sim.predicate.Ghost;
import io.loggos.paxos.sim.predicate.TestMachine;
import io.loggos.paxos.sim.predicate.WatchedLog;
import io.loggos.paxos.sim.predicate.WatchedTransport;
import io.loggos.storage.GroupCommit;
import io.loggos.storage.checkpoint.DirectoryCheckpointStore;
import io.loggos.storage.testkit.MemoryAcceptorLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One simulated node: a disk and a file system that stay, and lives that come and go. */
public final class SimNode {
    public static final String LOG_NAME = "sim";
    public static final LogId LOG = LogId.ofName(LOG_NAME);

    private final SimCluster cluster;
    public final NodeId id;
    private MemoryAcceptorLog disk;
    private FileSystem files;
    private final SplittableRandom random;
    private LocalClock clock;
    /** Its replicas, in the order of the logs of the cluster. */
    private final List<SimReplica> replicas;

    private int life;
    private Gauges gauges = new Gauges();
    private LongSupplier queued = () -> 0;
    private Bounds bounds = new Bounds();
    private @Nullable SimRunner crank;
    private @Nullable LoggosNode node;
    private boolean paused;
    private boolean stranger;
    private @Nullable DirectoryCheckpointStore checkpoints;
    private final FaultPoints faultPoints;

    public SimNode(SimCluster cluster, NodeId id, SplittableRandom random) {
        this.cluster = cluster;
        this.id = id;
        this.random = random;
        this.disk = new MemoryAcceptorLog(random.nextLong(1, Long.MAX_VALUE));
        this.replicas = cluster.logs().stream()
                .map(log -> new SimReplica(cluster, this, log))
                .toList();
        this.faultPoints = new FaultPoints(cluster, this::sumOfNewestCheckpoints);
        this.files = emptyFiles();
        this.clock = LocalClock.exact(cluster.time, 0);
    }

    private static FileSystem emptyFiles() {
        return Jimfs.newFileSystem(
                Configuration.unix().toBuilder().setMaxCacheSize(0).build());
    }

    public MemoryAcceptorLog disk() {
        return disk;
    }

    /** Lets the wall clock be wrong by so much from now on. */
    public void wallClockError(long millis) {
        cluster.trace(id, () -> "has a wall clock that is wrong by " + millis + " ms");
        cluster.note("a wall clock jumps");
        clock.wallErrorMillis(millis);
    }

    public Path root() {
        return files.getPath("/data");
    }

    public boolean hasContact(NodeId other) {
        return node != null && node.status().connected().contains(other);
    }

    public String refuses(NodeId other) {
        return node == null ? "" : node.status().refused().getOrDefault(other, "");
    }

    public boolean isUp() {
        return node != null;
    }

    /** True if its replica of the first log is open. */
    public boolean isServing() {
        return first().isServing();
    }

    /** True if its disk was wiped, so that its peers refuse it (RULES.md F-18). */
    boolean isStranger() {
        return stranger;
    }

    public int life() {
        return life;
    }

    public boolean isPaused() {
        return paused;
    }

    /** Its replicas, in the order of the logs of the cluster. */
    public List<SimReplica> replicas() {
        return replicas;
    }

    /** Its replica of a log. */
    SimReplica replica(SimLog log) {
        return replicas.get(cluster.logs().indexOf(log));
    }

    private SimReplica first() {
        return replicas.get(0);
    }

    public Replica replica() {
        return first().replica();
    }

    /** The state machine of the first log. */
    public TestMachine machine() {
        return first().machine();
    }

    @Nullable
    LoggosNode node() {
        return node;
    }

    public SimRunner crank() {
        if (crank == null) {
            throw new IllegalStateException(id + " is down");
        }
        return crank;
    }

    /** The status of its replica of the first log. Null if that is not open. */
    @Nullable
    public ReplicaStatus status() {
        return first().status();
    }

    /** Lets the agent that runs now take so long before its next turn. */
    void spend(long nanos) {
        if (crank != null) {
            crank.spend(nanos, 4 * cluster.settings().electionNanos());
        }
    }

    /** Starts a life on what the disk holds. */
    public void start() {
        life++;
        gauges = new Gauges();
        disk.reopen();
        Path root = root();
        NodeOptions options = cluster.settings().node(id, cluster.ids(), root);
        if (cluster.settings().clocksDiffer()) {
            cluster.note("clocks differ");
            clock = LocalClock.drawn(cluster.time, clock.wallErrorMillis(), random);
        }
        crank = new SimRunner(cluster.time, clock, random.split(), this::afterTurn);
        DirectoryCheckpointStore store = new DirectoryCheckpointStore(root.resolve("checkpoints"));
        checkpoints = store;
        NodeEnvironment environment = new NodeEnvironment(
                clock,
                random.split(),
                new SplittableRandom(id.value()),
                new WatchedLog(id.value(), cluster.ghosts(), disk, store),
                disk,
                store,
                new WatchedTransport(cluster.network.attach(id), this::onFrame, this::onBulkAnswer),
                MeterScope.of(gauges),
                this::noted);
        LoggosNode begun = LoggosNode.start(options, environment, crank);
        node = begun;
        replicas.forEach(replica -> replica.open(begun));
        queued = gauges.of("loggos.storage.queue.bytes");
        bounds = cluster.settings().bounds(gauges, cluster.logs());
        cluster.trace(id, () -> "starts life " + life);
        cluster.started(this, node);
    }

    private void noted(LogId log, PaxosEvent event) {
        cluster.note(id, event.toString());
        Ghost ghost = cluster.ghosts().get(log);
        if (event == PaxosEvent.DIVERGED && ghost != null) {
            ghost.diverged(id.value());
        }
    }

    private void onFrame(Bytes frame) {
        SentMessages.inFrame(frame).forEach(envelope -> {
            cluster.trace(id, () -> "sends " + envelope.message());
            for (SimReplica replica : replicas) {
                if (replica.log().id().equals(envelope.log())) {
                    replica.sent().onMessage(envelope.message());
                }
            }
        });
    }

    private void onBulkAnswer(Bytes request, Bytes answer) {
        replicas.forEach(replica -> replica.sent().onBulkAnswer(request, answer));
    }

    /** Deletes all its checkpoints, while it is down. */
    public void deleteCheckpoints() {
        try {
            DurableFiles.deleteTree(files.getPath("/data/checkpoints"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The process ends at once. What it wrote is with the operating system, unless the power fails too. */
    public void crash(boolean powerLoss) {
        if (node == null) {
            return;
        }
        cluster.trace(id, () -> powerLoss ? "loses power" : "is killed");
        crank().halt();
        if (paused) {
            cluster.network.resume(id);
            paused = false;
        }
        if (powerLoss) {
            cluster.network.powerOff(id);
            disk.crash(random);
        } else {
            cluster.network.crash(id);
        }
        node = null;
        replicas.forEach(SimReplica::lost);
        crank = null;
        faultPoints.clear();
        cluster.clients().onCrash(id);
    }

    /** Closes its replica of the first log, and the node goes on. What the replica has begun ends later. */
    public void closeReplica() {
        first().close();
    }

    /** Opens its replica of the first log again, as soon as the node allows that. */
    public void reopenReplica() {
        first().reopen();
    }

    /** Does something when its next checkpoint of any log is durable, before the log is told of it. */
    public void atNextCheckpoint(Runnable action) {
        if (node != null) {
            faultPoints.atNextCheckpoint(action);
        }
    }

    /** The slot of its newest checkpoint of the first log, or 0. */
    public long newestCheckpoint() {
        return newestCheckpoint(LOG);
    }

    private long newestCheckpoint(LogId log) {
        return Objects.requireNonNull(checkpoints)
                .newest(log)
                .map(CheckpointManifest::slot)
                .orElse(0L);
    }

    private long sumOfNewestCheckpoints() {
        return cluster.logs().stream()
                .mapToLong(log -> newestCheckpoint(log.id()))
                .sum();
    }

    FaultPoints faultPoints() {
        return faultPoints;
    }

    /** Loses its disk, and with it all that its peers know it by. It is down. */
    void wipe() {
        cluster.trace(id, () -> "is wiped");
        cluster.note("a node is wiped");
        disk = new MemoryAcceptorLog(random.nextLong(1, Long.MAX_VALUE));
        files = emptyFiles();
        stranger = true;
        cluster.logs().forEach(log -> log.ghost().wiped(id.value()));
    }

    /** Lets a byte of a file of its checkpoints rot. */
    void rotCheckpoint() {
        Path root = files.getPath("/data/checkpoints");
        if (!Files.exists(root)) {
            return;
        }
        cluster.logs().forEach(log -> log.checkpointRots(id.value(), Objects.requireNonNull(checkpoints)));
        try (Stream<Path> walk = Files.walk(root)) {
            List<Path> all = walk.filter(Files::isRegularFile).sorted().toList();
            if (!all.isEmpty()) {
                Path file = all.get(random.nextInt(all.size()));
                byte[] bytes = Files.readAllBytes(file);
                if (bytes.length > 0) {
                    bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                    Files.write(file, bytes);
                    cluster.trace(id, () -> file + " rots");
                    cluster.note("a checkpoint rots");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void afterTurn(String agent) {
        cluster.afterEach(this, agent);
        faultPoints.afterStep(agent);
    }

    public void pause() {
        if (node != null && !paused) {
            cluster.trace(id, () -> "pauses");
            paused = true;
            cluster.network.pause(id);
            crank().pause();
        }
    }

    public void resume() {
        if (node != null && paused) {
            cluster.trace(id, () -> "goes on");
            paused = false;
            cluster.network.resume(id);
            crank().resume();
        }
    }

    public void believe(List<NodeId> members) {
        if (node != null) {
            cluster.trace(id, () -> "is told that " + members + " are up");
            ViewHints.give(node, members);
        }
    }

    /** Lets a record of an open or chosen slot of the first log rot. */
    public void rot(long slot) {
        rot(cluster.logs().get(0), slot);
    }

    /** Lets a record of an open or chosen slot rot. */
    void rot(SimLog log, long slot) {
        if (disk.corrupt(log.id(), slot)) {
            replica(log).sent().onRot(slot);
            cluster.trace(id, () -> "slot " + slot + " of " + log + " rots");
        }
    }

    /** The size of what is accepted and not yet written. */
    public long queuedBytes() {
        return isUp() ? queued.getAsLong() : 0;
    }

    /** The gauges of its present or last life. */
    public Gauges gauges() {
        return gauges;
    }

    /** MP22: what it holds in memory is bounded. */
    void checkBounds() {
        String broken = bounds.broken();
        if (!broken.isEmpty()) {
            throw cluster.ghost().violate("MP22", id + ": " + broken);
        }
        if (queuedBytes() >= GroupCommit.roomBytes(cluster.settings().storage())) {
            cluster.note("a disk has no room");
        }
    }
}
