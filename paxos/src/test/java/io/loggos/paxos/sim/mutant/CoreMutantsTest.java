package io.loggos.paxos.sim.mutant;

import io.loggos.testkit.Mutant;
import io.loggos.testkit.UnitTests;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Bugs of single roles, which their unit tests judge. Seeds lead there too rarely, or take too long. */
public class CoreMutantsTest {
    static List<Mutant> mutants() {
        return List.of(
                new Mutant(
                        "the incarnation of an envelope is not checked",
                        "LogMessages.java",
                        ".filter(met -> met == envelope.incarnation())",
                        ".filter(met -> true)"),
                new Mutant(
                        "values accepted above a fetched checkpoint are forgotten",
                        "Learner.java",
                        "            acceptor.learnedThrough(slot);\n            recent.clear();",
                        "            acceptor.learnedThrough(Long.MAX_VALUE);\n            recent.clear();"),
                new Mutant(
                        "a promise counts before its last part",
                        "PhaseOne.java",
                        "answer.complete = promise.last();",
                        "answer.complete = true;"),
                new Mutant(
                        "a damaged record is given to a peer",
                        "Learner.java",
                        "if (entry.faulty() || entry.slot() != fromSlot + sound.size()) {",
                        "if (entry.slot() != fromSlot + sound.size()) {"),
                new Mutant(
                        "a damaged record is applied",
                        "ApplyFeed.java",
                        "if (entry.faulty() || entry.slot() > next) {",
                        "if (entry.slot() > next) {"),
                new Mutant(
                        "an install ends any repair",
                        "Repair.java",
                        "        if (slot <= through) {\n            slot = 0;",
                        "        if (true) {\n            slot = 0;"),
                new Mutant(
                        "a command in the leader's own queue counts as not sent",
                        "Submissions.java",
                        "boolean unknown = submission.sent || !submission.assigned.isZero();",
                        "boolean unknown = submission.sent;"),
                new Mutant(
                        "a new leader takes its wall clock for the log time",
                        "LogTime.java",
                        "            millis = appliedMillis;\n",
                        "            millis = Math.max(appliedMillis, wallMillis);\n"),
                new Mutant(
                        "promises while a chosen slot is lost",
                        "PeerMessages.java",
                        "        if (learner.isRepairing()) {\n",
                        "        if (false) {\n"),
                new Mutant(
                        "unpersisted slots have no bound in bytes",
                        "ChosenMark.java",
                        "if (through - persistedThrough >= MOST_UNPERSISTED || unpersistedBytes > mostBytes) {",
                        "if (through - persistedThrough >= MOST_UNPERSISTED) {"),
                new Mutant(
                        "a node with a late disk becomes a candidate",
                        "Leadership.java",
                        "                && !diskIsLate(now, out)) {",
                        "                ) {"),
                new Mutant(
                        "a state machine is given everything at once",
                        "ApplyFeed.java",
                        "while (next <= learner.through() && givenBytes < limits.feedBytes()) {",
                        "while (next <= learner.through()) {"),
                new Mutant(
                        "a full disk is given more to learn",
                        "Learner.java",
                        "        if (behind() && out.hasRoom()) {",
                        "        if (behind()) {\n"),
                new Mutant(
                        "each accept that comes again has an answer that waits",
                        "Acceptor.java",
                        "            out.retract((receiver, held) -> receiver.equals(from) && held.equals(accepted));\n",
                        ""),
                new Mutant(
                        "a leader that no quorum answers renews its grants",
                        "Lease.java",
                        "return wanted && mayAsk && reachesQuorum && settled;",
                        "return wanted && mayAsk && settled;"),
                new Mutant(
                        "a grant counts from the begin of the turn that takes the question",
                        "Grant.java",
                        "        givenNanos = asked.grantNanos();\n",
                        "        givenNanos = 1;\n        untilNanos = 0;\n"),
                new Mutant(
                        "a lease does not allow for the errors of clocks",
                        "Limits.java",
                        "Math.multiplyExact(most / 1_000, MILLION - drift) / (MILLION + drift) * 1_000",
                        "most"),
                new Mutant(
                        "a clock that stood still keeps the lease",
                        "Lease.java",
                        "wallMillis - sinceMillis < limits",
                        "0 < limits"));
    }

    /** Runs the tests of the roles inside the class loader of a mutant. */
    public static String firstViolation(long first, int count) {
        return UnitTests.firstFailure(
                "io.loggos.paxos.core.AcceptorTest",
                "io.loggos.paxos.core.LearnerTest",
                "io.loggos.paxos.core.OwnDiskTest",
                "io.loggos.paxos.core.PhaseOneTest",
                "io.loggos.paxos.core.ProposerTest",
                "io.loggos.paxos.core.RepairTest",
                "io.loggos.paxos.core.lease.GrantTest",
                "io.loggos.paxos.core.lease.LeaseTest",
                "io.loggos.paxos.core.request.SubmissionsTest",
                "io.loggos.paxos.core.session.LogTimeTest",
                "io.loggos.paxos.runtime.loop.LogMessagesTest");
    }

    @ParameterizedTest
    @Execution(ExecutionMode.CONCURRENT)
    @MethodSource("mutants")
    void isCaught(Mutant mutant, @TempDir Path directory) throws IOException, ReflectiveOperationException {
        mutant.mustBeCaught(directory, CoreMutantsTest.class, 0, 1);
    }
}
