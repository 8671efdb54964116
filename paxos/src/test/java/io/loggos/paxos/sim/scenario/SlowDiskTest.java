package io.loggos.paxos.sim.scenario;

import io.loggos.testkit.Mutant;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A disk that is slow or hangs, at a follower and at the leader (RULES.md F-19 and O-6). */
class SlowDiskTest {
    private static final int MOST_SEEDS = 5;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void followerWithAHangingDiskDelaysNobody(long seed) {
        LateDisk.followerHangs(seed);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void leaderWithAHangingDiskHandsOver(long seed) {
        LateDisk.leaderHangs(seed);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void followerWithASlowDiskKeepsUpAsItCan(long seed) {
        LateDisk.followerIsSlow(seed);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void leaderWithASlowDiskThatKeepsUpStays(long seed) {
        LateDisk.leaderIsSlow(seed);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void questionsThatComeAgainAreAnsweredOnce(long seed) {
        LateDisk.followerIsAskedAgain(seed);
        LateDisk.candidatesComeAndGo(seed);
    }

    static List<Mutant> mutants() {
        return List.of(
                new Mutant(
                        "a slow disk that keeps up is taken for late",
                        "PhaseTwo.java",
                        "if (lateSlot <= writtenSlot || unwritten == 0) {",
                        "if (lateSlot == 0 || unwritten == 0) {"),
                new Mutant("superseded promises wait for the disk", "Acceptor.java", """
        out.retract((receiver, held) -> held instanceof PaxosMessage.Promise promise
                && (promise.ballot().isBelow(ballot) || receiver.equals(to)));
""", ""),
                new Mutant(
                        "a node without room gives credit",
                        "NodeLoop.java",
                        "parts.links.withhold(!parts.outbox.hasRoom());",
                        "parts.links.withhold(false);"),
                new Mutant(
                        "data that was passed over is not asked for again",
                        "IncomingLink.java",
                        "                passesOver = false;\n                drop(",
                        "                String.valueOf("),
                new Mutant(
                        "a leader with a late disk stays",
                        "Leadership.java",
                        "if (lostQuorum || tooLong || starved || late) {",
                        "if (lostQuorum || tooLong || starved) {"),
                new Mutant(
                        "messages for a peer that takes none are kept without bound",
                        "OutgoingLink.java",
                        "if (buffer.bytes() + MessageBuffer.cost(head, body) > settings.options().bufferBytes()) {",
                        "if (buffer.bytes() < 0) {"),
                new Mutant(
                        "what is written still takes room", "GroupCommit.java", "queuedBytes.addAndGet(-memory);", ""));
    }

    /** The scenarios are trusted because each of these bugs is caught by them. */
    @ParameterizedTest
    @MethodSource("mutants")
    void bugIsCaught(Mutant mutant, @TempDir Path directory) throws IOException, ReflectiveOperationException {
        mutant.mustBeCaught(directory, LateDisk.class, 1, MOST_SEEDS);
    }
}
