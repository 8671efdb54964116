package io.loggos.paxos.disk;

import io.loggos.api.Address;
import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.RequestId;
import io.loggos.api.node.NodeOptions;
import io.loggos.api.node.SecurityOptions;
import io.loggos.api.node.StorageOptions;
import io.loggos.api.node.TimingOptions;
import io.loggos.api.node.TransportOptions;
import io.loggos.api.node.UserCodeOptions;
import io.loggos.api.replica.Replica;
import io.loggos.api.replica.ReplicaOptions;
import io.loggos.api.replica.ReplicaStatus;
import io.loggos.api.replica.Result;
import io.loggos.api.replica.Role;
import io.loggos.paxos.Gauges;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One node with one log, on a real disk that can be made late. It does what the lines of its input say, and answers each
 * with one line:
 *
 * <ul>
 *   <li>{@code disk N}: a write takes N times its time from now on; 0 lets it hang.
 *   <li>{@code load N}: N commands of this node are under way from now on.
 *   <li>{@code request ID}: proposes a command with this id, and answers once it has ended.
 *   <li>{@code outcome ID}: asks what came of the command with this id.
 *   <li>{@code status}: nothing but the answer.
 * </ul>
 *
 * <p>It runs until the end of its input.
 */
final class DiskProgram {
    static final int COMMAND_BYTES = 4 << 10;

    private static final String LOG = "log";

    private final Replica replica;
    private final Gauges gauges;
    private final AtomicLong answered = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final Semaphore room = new Semaphore(0);
    private int wanted;

    private DiskProgram(LateNode node) {
        this.gauges = node.gauges();
        this.replica = node.node()
                .replicate(
                        LOG,
                        new Counter(),
                        ReplicaOptions.builder()
                                .maxCommandBytes(64 << 10)
                                .maxBatchBytes(64 << 10)
                                .cacheBytes(8 << 20)
                                .maxPendingBytes(8 << 20)
                                .checkpointEvery(2_000, 32 << 20)
                                .build());
    }

    /** Takes id, data directory, and the ports of all nodes. */
    public static void main(String[] arguments) throws IOException {
        NodeOptions options = options(arguments);
        try (LateNode node = LateNode.start(options);
                BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            PrintStream output = new PrintStream(System.out, true, StandardCharsets.UTF_8);
            DiskProgram program = new DiskProgram(node);
            Thread proposer = new Thread(program::proposeForEver, "proposer");
            proposer.setDaemon(true);
            proposer.start();
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                String[] words = line.split(" ", -1);
                output.println(
                        switch (words[0]) {
                            case "disk" -> {
                                node.disk().factor(Integer.parseInt(words[1]));
                                yield program.status();
                            }
                            case "load" -> {
                                program.load(Integer.parseInt(words[1]));
                                yield program.status();
                            }
                            case "request" -> program.request(RequestId.parse(words[1]));
                            case "outcome" -> program.outcome(RequestId.parse(words[1]));
                            default -> program.status();
                        });
            }
        }
    }

    private static NodeOptions options(String[] arguments) {
        NodeId id = NodeId.of(Integer.parseInt(arguments[0]));
        TreeMap<NodeId, Address> peers = new TreeMap<>();
        for (int node = 1; node < arguments.length - 1; node++) {
            peers.put(NodeId.of(node), new Address("127.0.0.1", Integer.parseInt(arguments[node + 1])));
        }
        Address listen = peers.remove(id);
        return new NodeOptions(
                "late-disk",
                id,
                listen,
                peers,
                Path.of(arguments[1]),
                TimingOptions.defaults(),
                TransportOptions.builder()
                        .maxFrameBytes(1 << 20)
                        .windowBytes(2 << 20)
                        .bufferBytes(8 << 20)
                        .build(),
                StorageOptions.builder()
                        .memtableBytes(8 << 20)
                        .groupCommitBytes(1 << 20)
                        .build(),
                UserCodeOptions.defaults(),
                SecurityOptions.defaults(),
                null);
    }

    private void load(int commands) {
        if (commands > wanted) {
            room.release(commands - wanted);
        } else {
            room.acquireUninterruptibly(wanted - commands);
        }
        wanted = commands;
    }

    private void proposeForEver() {
        byte[] filling = new byte[COMMAND_BYTES];
        new SplittableRandom(1).nextBytes(filling);
        Bytes command = Bytes.wrap(filling);
        while (true) {
            room.acquireUninterruptibly();
            CompletableFuture<?> unused = replica.propose(command).whenComplete((result, failure) -> {
                (failure == null ? answered : failed).incrementAndGet();
                room.release();
            });
        }
    }

    private String request(RequestId id) {
        return replica.propose(Bytes.EMPTY, id)
                .handle((result, failure) -> failure == null ? counted(result) : "failed=1")
                .join();
    }

    private String outcome(RequestId id) {
        return replica.outcome(id)
                .handle((outcome, failure) ->
                        failure == null ? outcome.map(DiskProgram::counted).orElse("none=1") : "failed=1")
                .join();
    }

    private static String counted(Result<Bytes> result) {
        return "slot=" + result.slot() + " count=" + result.value().toUtf8();
    }

    /** One line of names and numbers: role, slots, answers, and memory in bytes. */
    private String status() {
        ReplicaStatus now = replica.status();
        return "leads=" + (now.role() == Role.LEADER ? 1 : 0)
                + " chosen=" + now.knownChosenSlot().value()
                + " applied=" + now.appliedSlot().value()
                + " checkpoint=" + now.checkpointSlot().value()
                + " answered=" + answered
                + " failed=" + failed
                + " queue=" + gauges.value("loggos.storage.queue.bytes")
                + " old=" + oldBytes();
    }

    /** The bytes of the old part of the heap that are in use, garbage included. */
    private static long oldBytes() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP && pool.isUsageThresholdSupported())
                .mapToLong(pool -> pool.getUsage().getUsed())
                .sum();
    }
}
