package io.loggos.paxos.sim.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.node.StorageOptions;
import io.loggos.api.node.TransportOptions;
import io.loggos.api.replica.ReplicaOptions;
import io.loggos.paxos.sim.SimSettings;
import io.loggos.storage.GroupCommit;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Scenarios with a disk that is late, under load. MP22 bounds the queue of each node after every event. */
public final class LateDisk {
    private static final int COMMAND_BYTES = 16 << 10;

    private LateDisk() {}

    /** Runs scenarios inside the class loader of a mutant. Returns what went wrong first, or an empty text. */
    public static String firstViolation(long firstSeed, int seeds) {
        for (long seed = firstSeed; seed < firstSeed + seeds; seed++) {
            try {
                followerHangs(seed);
                leaderHangs(seed);
                leaderIsSlow(seed);
                followerIsAskedAgain(seed);
                candidatesComeAndGo(seed);
            } catch (RuntimeException | AssertionError e) {
                return "seed " + seed + ": "
                        + String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            }
        }
        return "";
    }

    private static Scenario scenario(long seed) {
        SimSettings small = SimSettings.calm(3)
                .with(
                        ReplicaOptions.builder()
                                .maxCommandBytes(32 << 10)
                                .maxBatchBytes(32 << 10)
                                .windowSlots(4)
                                .requestTimeout(Duration.ofSeconds(5))
                                .build(),
                        TransportOptions.builder()
                                .maxFrameBytes(64 << 10)
                                .windowBytes(128 << 10)
                                .bufferBytes(256 << 10)
                                .build(),
                        StorageOptions.builder().groupCommitBytes(64 << 10).build());
        return new Scenario(small, 'A', seed);
    }

    /** F-19: commits do not wait for a follower whose disk hangs. What the follower holds is bounded; it catches up. */
    static void followerHangs(long seed) {
        Scenario s = scenario(seed);
        long before = s.leaderChanges();
        s.node('C').crank().hangDisk(true);
        long room = GroupCommit.roomBytes(s.cluster().settings().storage());
        boolean full = false;
        for (int i = 0; i < 600; i++) {
            writes(s, i % 2 == 0 ? 'A' : 'B');
            full |= s.node('C').queuedBytes() >= room;
        }
        assertTrue(full, () -> "queued at C: " + s.node('C').queuedBytes());
        s.rest(30);
        assertEquals(before, s.leaderChanges(), "changes of leader");

        s.node('C').crank().hangDisk(false);
        hasAll(s, 'C', 10);
        assertEquals(before, s.leaderChanges(), "changes of leader");
        s.writes('C', 2);
    }

    /** O-6: a leader whose disk hangs is replaced, does not disturb the next one, and follows it later. */
    static void leaderHangs(long seed) {
        Scenario s = scenario(seed);
        long before = s.leaderChanges();
        s.node('A').crank().hangDisk(true);
        writes(s, 'B');
        s.within(3, "another leader", () -> s.cluster().leader() != null && !s.leads('A'));
        for (int i = 0; i < 200; i++) {
            CompletableFuture<?> write = s.write('B', COMMAND_BYTES);
            s.within(1, "a write", write::isDone);
            write.join();
        }
        s.rest(60);
        assertEquals(before + 1, s.leaderChanges(), "changes of leader");

        s.node('A').crank().hangDisk(false);
        hasAll(s, 'A', 10);
        s.rest(20);
        assertEquals(before + 1, s.leaderChanges(), "changes of leader");
        s.writes('A', 2);
    }

    /** F-19: a leader whose disk is a hundred times slower than the others', and keeps up, stays. */
    static void leaderIsSlow(long seed) {
        Scenario s = scenario(seed);
        long before = s.leaderChanges();
        s.node('A').crank().diskDelay(100_000_000);
        for (int i = 0; i < 300; i++) {
            CompletableFuture<?> write = s.write('C', COMMAND_BYTES);
            s.within(1, "a write", write::isDone);
            write.join();
        }
        hasAll(s, 'A', 5);
        assertEquals(before, s.leaderChanges(), "changes of leader");
    }

    /** F-19: a follower whose disk is a hundred times slower catches up once the load ends. */
    static void followerIsSlow(long seed) {
        Scenario s = scenario(seed);
        long before = s.leaderChanges();
        s.node('B').crank().diskDelay(100_000_000);
        for (int i = 0; i < 400; i++) {
            writes(s, 'C');
        }
        hasAll(s, 'B', 30);
        assertEquals(before, s.leaderChanges(), "changes of leader");
    }

    /** B-9: a node whose disk hangs is asked again over each new link. It keeps one answer to each question. */
    static void followerIsAskedAgain(long seed) {
        Scenario s = scenario(seed);
        s.node('B').crash(true);
        s.node('C').crank().hangDisk(true);
        for (int i = 0; i < 4; i++) {
            CompletableFuture<?> unused = s.write('A', COMMAND_BYTES);
            s.rest(0.1);
        }
        long waiting = waiting(s);
        assertTrue(waiting > 0, "nothing waits");
        for (int i = 0; i < 20; i++) {
            s.cluster().network.breakConnection(s.id('A'), s.id('C'));
            s.rest(0.5);
        }
        assertTrue(waiting(s) <= waiting + 1, () -> waiting(s) + " wait, before " + waiting);
        s.node('C').crank().hangDisk(false);
        s.node('B').start();
        s.rest(6);
        s.writes('B', 4);
    }

    /** B-9: of the promises to a candidate that tries again and again, only the last one waits for the disk. */
    static void candidatesComeAndGo(long seed) {
        Scenario s = scenario(seed);
        s.node('A').crash(true);
        s.node('C').crank().hangDisk(true);
        s.rest(60);
        long ballot = s.status('C').ballot().round();
        assertTrue(ballot > 5, () -> "too few candidacies: " + ballot);
        assertTrue(waiting(s) <= 4, () -> waiting(s) + " messages wait");
        s.node('C').crank().hangDisk(false);
        s.within(8, "B or C leads", () -> s.leads('B') || s.leads('C'));
        s.writes('C', 4);
    }

    private static void writes(Scenario s, char letter) {
        CompletableFuture<?> write = s.write(letter, COMMAND_BYTES);
        s.within(0.5, "a write", write::isDone);
        write.join();
    }

    private static void hasAll(Scenario s, char letter, double electionTimeouts) {
        long tip = s.cluster().ghost().chosenPrefix();
        s.within(
                electionTimeouts,
                letter + " has everything",
                () -> s.status(letter).appliedSlot().value() >= tip);
    }

    /** The number of messages and actions of C that wait for a write. */
    private static long waiting(Scenario s) {
        return s.node('C').gauges().value("loggos.messages.waiting");
    }
}
