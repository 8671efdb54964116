package io.loggos.paxos.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.paxos.disk.DiskProcess.Number;
import io.loggos.paxos.disk.DiskProcess.Status;
import io.loggos.testkit.network.FreePorts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three real processes under full load, one of which has a disk that is slow or hangs (RULES.md F-19 and O-6).
 *
 * <p>The commands that pass by are more than the heap of a process, which ends when its heap is full. Rates are printed
 * and decide nothing.
 */
class LateDiskEndToEndTest {
    private static final int NODES = 3;
    private static final int UNDER_WAY = 128;
    private static final int SLOW = 100;
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final Duration POLL = Duration.ofMillis(50);
    /** Commands that fill the heap of a process once, with what they cost beside their bytes. */
    private static final long HEAPFUL = ((long) DiskProcess.HEAP_MIB << 20) / DiskProgram.COMMAND_BYTES;

    @TempDir
    Path directory;

    private final List<DiskProcess> nodes = new ArrayList<>();
    private long mostOld;

    @BeforeEach
    void startAll() throws IOException {
        List<Integer> ports = FreePorts.draw(NODES);
        for (int id = 1; id <= NODES; id++) {
            nodes.add(DiskProcess.start(id, ports, directory));
        }
    }

    @AfterEach
    void endAll() {
        nodes.forEach(DiskProcess::close);
    }

    private DiskProcess awaitLeader(DiskProcess except) {
        return Awaitility.await("a leader")
                .atMost(PATIENCE)
                .pollInterval(POLL)
                .until(
                        () -> nodes.stream()
                                .filter(node -> node != except && node.status().leads())
                                .findFirst()
                                .orElse(null),
                        leader -> leader != null);
    }

    private DiskProcess anyOf(DiskProcess... except) {
        return nodes.stream()
                .filter(node -> !List.of(except).contains(node))
                .findFirst()
                .orElseThrow();
    }

    private long answered() {
        long answered = 0;
        for (DiskProcess node : nodes) {
            Status status = node.status();
            answered += status.of(Number.ANSWERED);
            mostOld = Math.max(mostOld, status.of(Number.OLD));
        }
        return answered;
    }

    /** Waits for answers to so many commands, and for a time to pass. Returns the answers in a second. */
    private double rateOver(String phase, long commands, Duration atLeast) {
        long began = System.nanoTime();
        long before = answered();
        Awaitility.await(commands + " commands " + phase)
                .atMost(PATIENCE)
                .pollInterval(POLL)
                .until(() -> answered() - before >= commands && System.nanoTime() - began >= atLeast.toNanos());
        return (answered() - before) * 1e9 / (System.nanoTime() - began);
    }

    private void awaitCaughtUp(DiskProcess node) {
        nodes.forEach(each -> each.load(0));
        Awaitility.await("the late node has caught up")
                .atMost(PATIENCE)
                .pollInterval(POLL)
                .until(() -> {
                    long chosen = nodes.stream()
                            .mapToLong(each -> each.status().of(Number.CHOSEN))
                            .max()
                            .orElseThrow();
                    return node.status().of(Number.APPLIED) >= chosen;
                });
    }

    private void print(String what, double before, double during) {
        System.out.println(String.format(
                Locale.ROOT,
                "%s: %.0f commands/s before, %.0f during (ratio %.2f), at most %d of %d MiB of a heap old",
                what,
                before,
                during,
                during / before,
                mostOld >> 20,
                DiskProcess.HEAP_MIB));
    }

    private void lateFollower(int factor, long commands, Duration atLeast) {
        DiskProcess leader = awaitLeader(null);
        DiskProcess late = anyOf(leader);
        leader.load(UNDER_WAY);
        double before = rateOver("before", commands / 2, Duration.ZERO);
        late.disk(factor);
        double during = rateOver("while the disk is late", commands, atLeast);

        assertTrue(leader.status().leads(), "another node leads");
        assertEquals(0, leader.status().of(Number.FAILED), "commands that failed");
        late.disk(1);
        awaitCaughtUp(late);
        print("follower's disk " + name(factor), before, during);
    }

    private void lateLeader(int factor, long commands, Duration atLeast) {
        DiskProcess late = awaitLeader(null);
        DiskProcess caller = anyOf(late);
        caller.load(UNDER_WAY);
        double before = rateOver("before", commands / 2, Duration.ZERO);
        late.disk(factor);
        if (factor == LateLog.HANGS) {
            long hung = System.nanoTime();
            awaitLeader(late);
            System.out.println("another node leads after " + (System.nanoTime() - hung) / 1_000_000 + " ms");
        }
        double during = rateOver("while the disk is late", commands, atLeast);

        late.disk(1);
        awaitCaughtUp(late);
        print("leader's disk " + name(factor), before, during);
    }

    private static String name(int factor) {
        return factor == LateLog.HANGS ? "hangs" : "is " + factor + " times slower";
    }

    @Test
    void slowDiskOfAFollower() {
        lateFollower(SLOW, HEAPFUL, Duration.ZERO);
    }

    @Test
    void hangingDiskOfTheLeader() {
        lateLeader(LateLog.HANGS, HEAPFUL, Duration.ZERO);
    }

    @Test
    @Tag("long")
    void slowDiskOfAFollowerForLong() {
        lateFollower(SLOW, 4 * HEAPFUL, Duration.ofSeconds(30));
    }

    @Test
    @Tag("long")
    void hangingDiskOfAFollowerForLong() {
        lateFollower(LateLog.HANGS, 4 * HEAPFUL, Duration.ofSeconds(30));
    }

    @Test
    @Tag("long")
    void slowDiskOfTheLeaderForLong() {
        lateLeader(SLOW, HEAPFUL / 20, Duration.ofSeconds(30));
    }

    @Test
    @Tag("long")
    void hangingDiskOfTheLeaderForLong() {
        lateLeader(LateLog.HANGS, 4 * HEAPFUL, Duration.ofSeconds(30));
    }
}
