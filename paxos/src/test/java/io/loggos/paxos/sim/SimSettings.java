package io.loggos.paxos.sim;

import io.loggos.api.Address;
import io.loggos.api.NodeId;
import io.loggos.api.node.JoinOptions;
import io.loggos.api.node.NodeOptions;
import io.loggos.api.node.SecurityOptions;
import io.loggos.api.node.StorageOptions;
import io.loggos.api.node.TimingOptions;
import io.loggos.api.node.TransportOptions;
import io.loggos.api.node.UserCodeOptions;
import io.loggos.api.replica.ReplicaOptions;
import io.loggos.paxos.Gauges;
import io.loggos.paxos.core.model.MessageSizes;
import io.loggos.paxos.sim.predicate.Bounds;
import io.loggos.paxos.sim.predicate.Ghost;
import io.loggos.storage.GroupCommit;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Settings of one run, drawn from its seed. Each kind of fault is on in half of the runs; sizes vary.
 *
 * @param logs the number of logs that each node replicates
 * @param faultEveryNanos mean time between faults
 * @param clocksDiffer true if the monotonic clocks of nodes begin anywhere and have rates of their own
 * @param turbulentNanos how long faults go on before the phase that checks that all comes to rest
 */
public record SimSettings(
        int nodes,
        int logs,
        TimingOptions timing,
        ReplicaOptions replica,
        TransportOptions transport,
        StorageOptions storage,
        EnumSet<Fault> faults,
        long faultEveryNanos,
        long turbulentNanos,
        long mostDelayNanos,
        int clients,
        double readShare,
        int commandBytes,
        boolean clocksDiffer) {
    /** The faults of a disk beside which the others have everything. */
    public static final Set<Fault> OF_ONE_DISK =
            EnumSet.of(Fault.ROT, Fault.ROT_IN_CHECKPOINT, Fault.WIPED_DISK, Fault.OLDER_COPY);

    /** Kinds of faults. */
    public enum Fault {
        KILL,
        POWER_LOSS,
        POWER_LOSS_OF_ALL,
        POWER_LOSS_AT_CHECKPOINT,
        REOPEN,
        BREAK_CONNECTION,
        PARTITION,
        ONE_WAY_CUT,
        PARTIAL_PARTITION,
        PAUSE,
        SLOW_NODE,
        SLOW_DISK,
        HUNG_DISK,
        FAILED_WRITE,
        ROT,
        LONG_DELAYS,
        LOST_BULK,
        WRONG_VIEWS,
        CLOCK_JUMP,
        STALLED_AGENT,
        SLOW_APPLY,
        FAULT_BEHIND_STEP,
        ROT_IN_CHECKPOINT,
        LEADER_LOST_AT_FETCH,
        WIPED_DISK,
        OLDER_COPY
    }

    private static final long MILLI = 1_000_000L;
    /** Size of a slot without its commands. */
    private static final long SLOT_BYTES = 64;
    /** Size of a record that waits for the disk, without its content. */
    private static final long RECORD_BYTES = 64;
    /** Size of a call without its command. */
    private static final long CALL_BYTES = 256;

    /** The settings of a seed. One in ten is calm, one in ten is harsh. */
    public static SimSettings draw(SplittableRandom random) {
        int[] sizes = {1, 2, 3, 3, 3, 4, 5, 5, 7};
        int weather = random.nextInt(10);
        if (weather == 1) {
            return harsh(random);
        }
        EnumSet<Fault> faults = EnumSet.noneOf(Fault.class);
        for (Fault fault : Fault.values()) {
            if (random.nextBoolean() && weather != 0) {
                faults.add(fault);
            }
        }
        return draw(random, pick(sizes, random), faults, random.nextLong(50, 1_500));
    }

    /** Few nodes, where every fault happens, and often. */
    public static SimSettings harsh(SplittableRandom random) {
        int[] sizes = {3, 3, 4, 5};
        return draw(random, pick(sizes, random), EnumSet.allOf(Fault.class), random.nextLong(30, 300));
    }

    private static SimSettings draw(
            SplittableRandom random, int nodes, EnumSet<Fault> faults, long millisBetweenFaults) {
        int[] windows = {1, 2, 4, 16, 64};
        int[] batches = {64, 512, 4096, 65536};
        long[] checkpoints = {5, 20, 100, 500};
        long[] digests = {1, 2, 7, 50};
        long retained = random.nextInt(3) == 0 ? 0 : random.nextLong(50);
        boolean large = random.nextInt(6) == 0;
        TransportOptions transport = transport(random, large ? 2 : 7);
        int most = transport.maxFrameBytes() - MessageSizes.RESERVED_BYTES;
        boolean narrow = !large && random.nextInt(4) == 0;
        ReplicaOptions replica = ReplicaOptions.builder()
                .maxCommandBytes(
                        narrow ? 512 : Math.min(most, ReplicaOptions.defaults().maxCommandBytes()))
                .maxPendingBytes(narrow ? 600 : ReplicaOptions.defaults().maxPendingBytes())
                .maxBatchBytes(Math.min(most, pick(batches, random)))
                .windowSlots(large ? 16 : pick(windows, random))
                .checkpointEvery(pick(checkpoints, random), 1 << 20)
                .retainedSlots(retained)
                .cacheBytes(random.nextBoolean() ? 2_000 : 1 << 20)
                .requestTimeout(Duration.ofMillis(random.nextLong(500, 5_000)))
                .digestEvery(pick(digests, random))
                .build();
        return new SimSettings(
                nodes,
                !large && random.nextInt(4) == 0 ? random.nextInt(2, 4) : 1,
                timing(random),
                replica,
                transport,
                StorageOptions.builder()
                        .groupCommitBytes((64 << 10) << random.nextInt(4))
                        .build(),
                faults,
                millisBetweenFaults * MILLI,
                random.nextLong(3_000, 12_000) * MILLI,
                random.nextLong(1, 20) * MILLI,
                random.nextInt(1, 17),
                random.nextDouble(0.9),
                large ? random.nextInt(4 << 10, 32 << 10) : random.nextInt(8, 200),
                random.nextBoolean());
    }

    /** Every second run has leases. */
    private static TimingOptions timing(SplittableRandom random) {
        long millis = random.nextLong(100, 1_000);
        return TimingOptions.builder()
                .electionTimeout(Duration.ofMillis(millis))
                .maxClockDriftPpm(millis % 2 == 0 ? LocalClock.MOST_RATE_ERROR_PPM : 0)
                .build();
    }

    private static TransportOptions transport(SplittableRandom random, int sizes) {
        int frame = (64 << 10) << random.nextInt(sizes);
        int window = frame << random.nextInt(3);
        return TransportOptions.builder()
                .maxFrameBytes(frame)
                .windowBytes(window)
                .bufferBytes(window << random.nextInt(4))
                .build();
    }

    /** Settings under which nothing goes wrong by itself, for scenarios that say what does. */
    public static SimSettings calm(int nodes) {
        return new SimSettings(
                nodes,
                1,
                TimingOptions.defaults(),
                ReplicaOptions.builder().requestTimeout(Duration.ofSeconds(5)).build(),
                TransportOptions.defaults(),
                StorageOptions.defaults(),
                EnumSet.noneOf(Fault.class),
                1_000 * MILLI,
                0,
                2 * MILLI,
                2,
                0.3,
                32,
                false);
    }

    /** These settings with leases, and with clocks that differ as far as leases permit. */
    public SimSettings withLeases() {
        return new SimSettings(
                nodes,
                logs,
                timing.toBuilder()
                        .maxClockDriftPpm(LocalClock.MOST_RATE_ERROR_PPM)
                        .build(),
                replica,
                transport,
                storage,
                faults,
                faultEveryNanos,
                turbulentNanos,
                mostDelayNanos,
                clients,
                Math.max(0.5, readShare),
                commandBytes,
                true);
    }

    /** These settings with other options for the replicas. */
    public SimSettings with(ReplicaOptions options) {
        return with(options, transport, storage);
    }

    /** These settings with one log, the usual links and the usual disk, on which groups of the usual size run, too. */
    public SimSettings withUsualLinks() {
        return with(replica, TransportOptions.defaults(), StorageOptions.defaults())
                .withLogs(1);
    }

    /** These settings with so many logs. */
    public SimSettings withLogs(int count) {
        return with(count, replica, transport, storage);
    }

    /** These settings with other options. */
    public SimSettings with(ReplicaOptions options, TransportOptions links, StorageOptions log) {
        return with(logs, options, links, log);
    }

    private SimSettings with(int count, ReplicaOptions options, TransportOptions links, StorageOptions log) {
        return new SimSettings(
                nodes,
                count,
                timing,
                options,
                links,
                log,
                faults,
                faultEveryNanos,
                turbulentNanos,
                mostDelayNanos,
                clients,
                readShare,
                commandBytes,
                clocksDiffer);
    }

    /**
     * The most bytes that may wait for the disk of a node.
     *
     * <p>These are the room of the queue, a window of each peer, own proposals, and answers of peers that were asked for
     * slots.
     */
    long mostQueuedBytes(int most) {
        long perPeer = transport.windowBytes() + 2L * transport.maxFrameBytes();
        long perSlot = 256L + replica.maxBatchBytes() + commandBytes;
        long answers = 8L * Math.min(1 << 20, transport.maxFrameBytes());
        return GroupCommit.roomBytes(storage)
                + (most - 1) * perPeer
                + logs * (replica.windowSlots() * perSlot + answers);
    }

    /** The limits of all that a life of a node holds in memory (RULES.md B-9). */
    Bounds bounds(Gauges gauges, List<SimLog> opened, int most) {
        long received = transport.windowBytes() + 2L * transport.maxFrameBytes();
        long largest = Math.max(replica.maxBatchBytes(), replica.maxCommandBytes());
        long feed = Math.max(Math.min(16L << 20, replica.cacheBytes()), 4L * replica.maxBatchBytes());
        Bounds bounds = new Bounds();
        bounds.add(gauges, mostQueuedBytes(most), "loggos.storage.queue.bytes");
        bounds.add(gauges, (most - 1L) * transport.bufferBytes(), "loggos.links.buffered.bytes");
        bounds.add(gauges, 2L * most * received, "loggos.links.inbox.bytes");
        // A vote for each record that waits for the disk, and a promise in parts for each node.
        long promises = (long) most * (4L * replica.windowSlots() + 8);
        bounds.add(gauges, mostQueuedBytes(most) / RECORD_BYTES + logs * promises, "loggos.messages.waiting");
        for (SimLog log : opened) {
            bounds.add(gauges, replica.maxPendingBytes() + CALL_BYTES, "loggos.pending.bytes", "log", log.name());
            // The feed, one read of the log, and 64 bytes for each slot, be it ever so small.
            bounds.add(gauges, 8 * feed + 2 * largest, "loggos.apply.queue.bytes", "log", log.name());
        }
        return bounds;
    }

    /** The slots that a leader may have open: half of a link's buffer takes them, or one is larger (O-12). */
    Ghost.Window window() {
        long largest = Math.max(replica.maxBatchBytes(), replica.maxCommandBytes());
        return new Ghost.Window(replica.windowSlots(), Math.max(largest, transport.bufferBytes() / 2) + SLOT_BYTES);
    }

    /** True if leaders take leases when reads want them. */
    public boolean leases() {
        return timing.maxClockDriftPpm() > 0;
    }

    public long electionNanos() {
        return timing.electionTimeout().toNanos();
    }

    private static int pick(int[] of, SplittableRandom random) {
        return of[random.nextInt(of.length)];
    }

    private static long pick(long[] of, SplittableRandom random) {
        return of[random.nextInt(of.length)];
    }

    /** Returns the options of a node in a cluster of these. */
    NodeOptions node(NodeId id, List<NodeId> cluster, Path root, @Nullable JoinOptions join) {
        TreeMap<NodeId, Address> peers = new TreeMap<>();
        for (NodeId peer : cluster) {
            if (!peer.equals(id)) {
                peers.put(peer, new Address("sim", peer.value()));
            }
        }
        return new NodeOptions(
                "sim",
                id,
                new Address("sim", id.value()),
                peers,
                root,
                timing,
                transport,
                storage,
                UserCodeOptions.defaults(),
                SecurityOptions.defaults(),
                join);
    }
}
