package io.loggos.storage.kv.lease;

import io.loggos.api.Bytes;
import io.loggos.api.kv.Operation;
import io.loggos.api.kv.keys.KeyRange;
import io.loggos.storage.kv.operation.KeyValueCodec;
import io.loggos.testkit.Violation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * A run of three replicas in virtual time. Their clocks drift. They pause, die and change their leader, while holders
 * grant, renew, use and forget leases.
 */
public final class LeaseSimulation {
    private static final long RUN_NANOS = 60 * SimLog.SECOND;
    private static final int IDS = 12;
    private static final int KEYS = 10;

    private final SimLog log;
    private final Random random;
    private final Path directory;
    private int checkpoints;

    private LeaseSimulation(long seed, Path directory) {
        log = new SimLog(seed);
        random = log.random;
        this.directory = directory;
    }

    /** Runs seeds, and returns the first predicate that does not hold, or an empty text. */
    public static String firstViolation(long firstSeed, int seeds) {
        for (long seed = firstSeed; seed < firstSeed + seeds; seed++) {
            try {
                run(seed);
            } catch (Violation | IllegalStateException | io.loggos.api.StorageException e) {
                return e.getMessage() + " (seed " + seed + ")";
            }
        }
        return "";
    }

    /** Runs a seed. Returns the number of leases that have expired. */
    static int run(long seed) {
        try {
            Path directory = Files.createTempDirectory("leases");
            try {
                return new LeaseSimulation(seed, directory).run();
            } finally {
                try (Stream<Path> files = Files.walk(directory)) {
                    files.sorted(Comparator.reverseOrder())
                            .forEach(file -> file.toFile().delete());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int run() {
        log.elect();
        boolean isCalm = random.nextInt(4) == 0;
        for (int holder = 1; holder <= IDS; holder++) {
            hold(holder);
        }
        change();
        look();
        if (!isCalm) {
            disturb();
        }
        log.run(RUN_NANOS);
        log.nodes.forEach(SimNode::feed);
        log.run(RUN_NANOS + 20 * SimLog.SECOND);
        log.end();
        log.run(RUN_NANOS + 30 * SimLog.SECOND);
        log.predicates.checkEnd();
        return log.predicates.expiries;
    }

    /** A holder grants its lease, renews it some times, and forgets it. Then it begins again. */
    private void hold(long id) {
        if (log.nowNanos > RUN_NANOS) {
            return;
        }
        long ttlMillis = random.nextLong(1_000, 8_000);
        drop(node().leases().grant(id, Duration.ofMillis(ttlMillis)));
        long at = 0;
        int renewals = random.nextInt(12);
        for (int i = 0; i < renewals; i++) {
            at += random.nextInt(3) == 0
                    ? ttlMillis * SimLog.MILLI + log.someMillis(400) // While its expiry is on the way.
                    : (long) (ttlMillis * SimLog.MILLI * (0.2 + random.nextDouble() * 0.6));
            log.in(at, () -> drop(node().leases().keepAlive(id)));
        }
        if (random.nextInt(4) == 0) {
            log.in(at + log.someMillis(2_000), () -> drop(node().leases().revoke(id)));
        }
        log.in(at + 2 * ttlMillis * SimLog.MILLI, () -> hold(id));
    }

    /** Puts and deletes keys, with and without leases. */
    private void change() {
        if (log.nowNanos > RUN_NANOS) {
            return;
        }
        Bytes key = Bytes.utf8("key" + random.nextInt(KEYS));
        Operation operation;
        if (random.nextInt(5) == 0) {
            operation = new Operation.Delete(KeyRange.single(key), false);
        } else {
            long lease = random.nextInt(4) == 0 ? 0 : 1 + random.nextInt(IDS);
            operation = Operation.Put.of(key, Bytes.utf8("v")).attachedTo(lease);
        }
        drop(node().propose(KeyValueCodec.encode(operation)));
        log.in(log.someMillis(100), this::change);
    }

    private void look() {
        log.predicates.checkLate();
        if (log.nowNanos < RUN_NANOS + 19 * SimLog.SECOND) {
            log.in(200 * SimLog.MILLI, this::look);
        }
    }

    private void disturb() {
        SimNode node = node();
        switch (random.nextInt(4)) {
            case 0 -> log.fall();
            case 1 -> node.pause(SimLog.MILLI * random.nextInt(3_000));
            case 2 -> {
                log.disturbedNanos = Math.max(log.disturbedNanos, log.nowNanos);
                if (log.leader == node) {
                    log.fall();
                }
                node.restart();
            }
            default -> node.takeCheckpoint(directory.resolve("c" + checkpoints++));
        }
        if (log.nowNanos < RUN_NANOS) {
            log.in(SimLog.MILLI * (500 + random.nextInt(8_000)), this::disturb);
        }
    }

    private SimNode node() {
        return log.nodes.get(random.nextInt(log.nodes.size()));
    }

    private static void drop(CompletableFuture<?> future) {
        CompletableFuture<?> unused = future.handle((value, failure) -> value);
    }
}
