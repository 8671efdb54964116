package io.loggos.paxos.sim;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import io.loggos.api.LogId;
import io.loggos.api.NodeId;
import io.loggos.api.node.NodeOptions;
import io.loggos.api.replica.Replica;
import io.loggos.api.replica.ReplicaStatus;
import io.loggos.api.spi.CheckpointManifest;
import io.loggos.internal.files.DurableFiles;
import io.loggos.paxos.Gauges;
import io.loggos.paxos.core.model.PaxosEvent;
import io.loggos.paxos.runtime.LoggosNode;
import io.loggos.paxos.runtime.NodeEnvironment;
import io.loggos.paxos.runtime.ViewHints;
import io.loggos.paxos.sim.predicate.TestMachine;
import io.loggos.paxos.sim.predicate.WatchedLog;
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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One simulated node: a disk and a file system that stay, and lives that come and go. */
public final class SimNode {
    public static final String LOG_NAME = "sim";
    public static final LogId LOG = LogId.ofName(LOG_NAME);
    private static final long REOPEN_NANOS = 5_000_000;

    private final SimCluster cluster;
    public final NodeId id;
    private MemoryAcceptorLog disk;
    private FileSystem files;
    private final SplittableRandom random;
    private LocalClock clock;
    private final SentMessages sent;
    private int life;
    private Gauges gauges = new Gauges();
    private @Nullable SimRunner crank;
    private @Nullable LoggosNode node;
    private @Nullable Replica replica;
    private @Nullable TestMachine machine;
    private boolean paused;
    private boolean stranger;
    private @Nullable DirectoryCheckpointStore checkpoints;
    /** Action that runs once, when a checkpoint is durable and nothing after it is. */
    private @Nullable Runnable atCheckpoint;

    private long checkpointBefore;
    /** Action that runs once, after {@link #stepsLeft} more steps of {@link #steppingAgent}. */
    private @Nullable Runnable atStep;

    private String steppingAgent = "";
    private int stepsLeft;

    public SimNode(SimCluster cluster, NodeId id, SplittableRandom random) {
        this.cluster = cluster;
        this.id = id;
        this.random = random;
        this.disk = new MemoryAcceptorLog(random.nextLong(1, Long.MAX_VALUE));
        this.sent = new SentMessages(cluster, this);
        this.files = emptyFiles();
        this.clock = LocalClock.exact(cluster.time, 0);
    }

    private static FileSystem emptyFiles() {
        return Jimfs.newFileSystem(
                Configuration.unix().toBuilder().setMaxCacheSize(0).build());
    }

    /** The log of this node on its disk. */
    public MemoryAcceptorLog disk() {
        return disk;
    }

    /** Lets the wall clock be wrong by so much from now on. */
    public void wallClockError(long millis) {
        cluster.trace(id, () -> "has a wall clock that is wrong by " + millis + " ms");
        cluster.note("a wall clock jumps");
        clock.wallErrorMillis(millis);
    }

    /** The log time of the last command applied in this life, or 0. */
    public long logTimeMillis() {
        return machine == null ? 0 : machine.logTimeMillis();
    }

    /** The directory of all its files. */
    public Path root() {
        return files.getPath("/data");
    }

    /** True if it is up and has two-way contact with another node. */
    public boolean hasContact(NodeId other) {
        return node != null && node.status().connected().contains(other);
    }

    /** The reason why it refuses another node or is refused by it, or an empty text. */
    public String refuses(NodeId other) {
        return node == null ? "" : node.status().refused().getOrDefault(other, "");
    }

    public boolean isUp() {
        return node != null;
    }

    /** True if its replica is open, so that clients can ask it. */
    public boolean isServing() {
        return replica != null;
    }

    /** True if its disk was wiped, so that its peers refuse it (RULES.md F-18). */
    boolean isStranger() {
        return stranger;
    }

    /** Counts its lives. */
    public int life() {
        return life;
    }

    public boolean isPaused() {
        return paused;
    }

    @Nullable
    public Replica replica() {
        return replica;
    }

    public TestMachine machine() {
        if (machine == null) {
            throw new IllegalStateException(id + " is down");
        }
        return machine;
    }

    public SimRunner crank() {
        if (crank == null) {
            throw new IllegalStateException(id + " is down");
        }
        return crank;
    }

    @Nullable
    public ReplicaStatus status() {
        return replica == null ? null : replica.status();
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
                new WatchedLog(id.value(), LOG, disk, store, cluster.ghost()),
                disk,
                store,
                new WatchedTransport(cluster.network.attach(id), sent::onFrame, sent::onBulkAnswer),
                gauges,
                this::noted);
        node = LoggosNode.start(options, environment, crank);
        open();
        cluster.trace(id, () -> "starts life " + life);
        cluster.started(this, node);
    }

    private void noted(LogId log, PaxosEvent event) {
        cluster.note(id, event.toString());
        if (event == PaxosEvent.DIVERGED) {
            cluster.ghost().diverged(id.value());
        }
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
        replica = null;
        machine = null;
        crank = null;
        atCheckpoint = null;
        atStep = null;
        cluster.clients().onCrash(id);
    }

    /** Closes its replica, and the node goes on. What the replica has begun ends later. */
    public void closeReplica() {
        if (replica != null) {
            cluster.trace(id, () -> "closes its replica");
            replica.close();
            replica = null;
            machine = null;
        }
    }

    /** Opens its replica again, as soon as the node allows that. */
    public void reopenReplica() {
        int here = life;
        if (node == null || replica != null) {
            return;
        }
        try {
            open();
            cluster.trace(id, () -> "opens its replica again");
            cluster.note("replica reopened");
        } catch (IllegalStateException e) {
            cluster.note("replica not closed yet");
            cluster.time.after(REOPEN_NANOS, () -> {
                if (life == here) {
                    reopenReplica();
                }
            });
        }
    }

    private void open() {
        TestMachine opened = new TestMachine(cluster.ghost(), id.value());
        replica = Objects.requireNonNull(node)
                .replicate(LOG_NAME, opened, cluster.settings().replica());
        machine = opened;
    }

    /** Does something when its next checkpoint is durable, before the log is told of it. Null for nothing. */
    public void atNextCheckpoint(@Nullable Runnable action) {
        if (node != null) {
            checkpointBefore = newestCheckpoint();
            atCheckpoint = action;
        }
    }

    public long newestCheckpoint() {
        return Objects.requireNonNull(checkpoints)
                .newest(LOG)
                .map(CheckpointManifest::slot)
                .orElse(0L);
    }

    /** Does something after so many further steps of an agent. Null for nothing. */
    void afterSteps(String agent, int steps, @Nullable Runnable action) {
        steppingAgent = agent;
        stepsLeft = steps;
        atStep = action;
    }

    /** Loses its disk, and with it all that its peers know it by. It is down. */
    void wipe() {
        cluster.trace(id, () -> "is wiped");
        cluster.note("a node is wiped");
        disk = new MemoryAcceptorLog(random.nextLong(1, Long.MAX_VALUE));
        files = emptyFiles();
        stranger = true;
        cluster.ghost().wiped(id.value());
    }

    /** Lets a byte of a file of its checkpoints rot. */
    void rotCheckpoint() {
        Path root = files.getPath("/data/checkpoints");
        if (!Files.exists(root)) {
            return;
        }
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
        cluster.afterEach(this);
        Runnable step = atStep;
        if (step != null && agent.equals(steppingAgent) && --stepsLeft <= 0) {
            atStep = null;
            cluster.note("a fault behind a step of " + agent);
            step.run();
            return;
        }
        Runnable action = atCheckpoint;
        if (action != null && agent.equals("checkpoint") && newestCheckpoint() > checkpointBefore) {
            atCheckpoint = null;
            cluster.note("a fault behind a checkpoint");
            action.run();
        }
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

    /** Tells its logs that these nodes are up, and no others. */
    public void believe(List<NodeId> members) {
        if (node != null) {
            cluster.trace(id, () -> "is told that " + members + " are up");
            ViewHints.give(node, members);
        }
    }

    /** Lets a record of an open or chosen slot rot. */
    public void rot(long slot) {
        if (disk.corrupt(LOG, slot)) {
            sent.onRot(slot);
            cluster.trace(id, () -> "slot " + slot + " rots");
        }
    }

    /** The size of what is accepted and not yet written. */
    public long queuedBytes() {
        return isUp() ? gauges.value("loggos.storage.queue.bytes") : 0;
    }

    /** MP22: what waits for the disk is bounded, however late the disk is. */
    public void checkQueue() {
        long queued = queuedBytes();
        if (queued > cluster.settings().mostQueuedBytes()) {
            throw cluster.ghost().violate("MP22", id + " has " + queued + " bytes that wait for its disk");
        }
        long buffered = isUp() ? gauges.value("loggos.links.buffered.bytes") : 0;
        if (buffered
                > (cluster.settings().nodes() - 1L)
                        * cluster.settings().transport().bufferBytes()) {
            throw cluster.ghost().violate("MP22", id + " keeps " + buffered + " bytes for its peers");
        }
        if (queued >= GroupCommit.roomBytes(cluster.settings().storage())) {
            cluster.note("a disk has no room");
        }
    }
}
