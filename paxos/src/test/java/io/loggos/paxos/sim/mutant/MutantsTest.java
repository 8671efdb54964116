package io.loggos.paxos.sim.mutant;

import io.loggos.paxos.sim.SimRun;
import io.loggos.paxos.sim.scenario.DivergenceTest;
import io.loggos.paxos.sim.scenario.EdgeScenarioTest;
import io.loggos.paxos.sim.scenario.OlderCopyTest;
import io.loggos.paxos.sim.scenario.ReopenTest;
import io.loggos.testkit.Mutant;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The checkers are trusted because each of these bugs, planted one at a time, is caught by them. */
class MutantsTest {
    private static final int MOST_SEEDS = 400;

    static List<Mutant> mutants() {
        return List.of(
                new Mutant(
                        "an answer leaves before the sync",
                        "TurnOutbox.java",
                        "hold(this, new Sending(log, configuration.getAsLong(), to, message));",
                        "if (to.equals(self)) { afterWrites(() -> toSelf.accept(log, message)); }"
                                + " else { send(log, configuration.getAsLong(), to, message); }"),
                new Mutant(
                        "a node's own vote counts before it is durable",
                        "TurnOutbox.java",
                        "held.add(new Held(pending(), owner, action));",
                        "held.add(new Held(submitted, owner, action));"),
                new Mutant(
                        "prepare leaves before its own promise is durable, which is then not persisted at all",
                        "Acceptor.java",
                        "raise(ballot, out);",
                        "promised = ballot;"),
                new Mutant(
                        "a promise is not persisted",
                        "Acceptor.java",
                        "        if (prepare.ballot().isAbove(promised)) {\n            raise(prepare.ballot(), out);",
                        "        if (prepare.ballot().isAbove(promised)) {\n            promised = prepare.ballot();"),
                new Mutant(
                        "accepts below the promise",
                        "Acceptor.java",
                        "if (accept.ballot().isBelow(promised)) {",
                        "if (false) {"),
                new Mutant(
                        "chosen without comparing ballots",
                        "Learner.java",
                        "if (entry == null || !entry.ballot().equals(ballot)) {",
                        "if (entry == null) {"),
                new Mutant(
                        "phase 1 forgets the accepted values",
                        "Proposer.java",
                        "recovered = phaseOne.values(chosenThrough);",
                        "recovered = new TreeMap<>();"),
                new Mutant(
                        "phase 1 takes the value of the lowest ballot",
                        "PhaseOne.java",
                        "return order >= 0 ? one : other;",
                        "return order <= 0 ? one : other;"),
                new Mutant(
                        "a no-op over a slot that is chosen and truncated",
                        "PhaseOne.java",
                        "highest = answer.complete ? Math.max(highest, answer.chosenThrough) : highest;",
                        "highest = highest;"),
                new Mutant(
                        "a no-op over a faulty slot",
                        "PhaseOne.java",
                        "if (accepted.faulty() && accepted.slot() > chosen) {",
                        "if (false) {"),
                new Mutant(
                        "a ballot used in two lives",
                        "Proposer.java",
                        "        ballot = seen.next(self);",
                        "        ballot = new io.loggos.api.Ballot(seen.round() + (seen.isOf(self) ? 0 : 1), self.value());\n"
                                + "        if (ballot.equals(acceptor.promised())) { phase = Phase.PREPARING; phaseOne = new PhaseOne(configuration.get());"
                                + " for (NodeId peer : configuration.voters()) { if (peer.equals(self)) { acceptor.sendPromise(self, ballot, learner.through() + 1, learner.through(), learner.truncatedBelow(), out); }"
                                + " else { out.sendDurable(peer, new PaxosMessage.Prepare(ballot, learner.through() + 1)); } } return; }"),
                new Mutant(
                        "a quorum is one less",
                        "Configuration.java",
                        "return count > voters.size() / 2;",
                        "return count >= Math.max(1, voters.size() / 2);"),
                new Mutant("the nonce of a read is used again", "Reads.java", "        nonce++;\n", ""),
                new Mutant(
                        "a linearizable read asks nobody",
                        "ReadIndex.java",
                        "if (!configuration.isQuorum(confirmations)) {",
                        "if (false) {"),
                new Mutant(
                        "a read before the first slot of its own ballot",
                        "ReadIndex.java",
                        "Math.max(leader.chosenThrough(), leader.firstOwnSlot())",
                        "learner()".replace("learner()", "0L")),
                new Mutant(
                        "a command in a second slot takes effect again",
                        "SlotCommands.java",
                        "if (!host.sessions.takesEffect(session, sequence, lowest, slot.value())) {",
                        "if (false) {"),
                new Mutant(
                        "the session table is not in the checkpoint",
                        "StateMachineHost.java",
                        "        sessions = state.sessions();\n",
                        ""),
                new Mutant(
                        "the digest of answers begins anew behind a checkpoint",
                        "StateMachineHost.java",
                        "history.restore(appliedThrough, state.history());",
                        "history.restore(appliedThrough, 0);"),
                new Mutant(
                        "the log is read before what was learned is written",
                        "LogEffects.java",
                        "outbox.afterWrites(() -> services",
                        "java.util.Optional.of(outbox).ifPresent(unused -> services"),
                new Mutant(
                        "the log begins behind what the checkpoint covers",
                        "Learner.java",
                        "out.persist(new LogRecord.TruncatedBelow(log, slot));",
                        "out.persist(new LogRecord.TruncatedBelow(log, through + 1));"),
                new Mutant(
                        "a checkpoint is restored and the slots behind it are applied from before it",
                        "ApplyFeed.java",
                        "            submissions.skipped();\n            next = slot + 1;\n",
                        "            submissions.skipped();\n"),
                new Mutant(
                        "log time follows the leader's wall clock",
                        "LogTime.java",
                        "        restNanos += lean(passed / SLACK_DIVISOR, wallMillis);\n",
                        "        millis = Math.max(millis, wallMillis);\n"),
                new Mutant(
                        "values accepted above such a checkpoint are dropped",
                        "OpenedLog.java",
                        ".filter(entry -> entry.slot() > checkpointSlot)",
                        ".filter(entry -> false)"),
                new Mutant(
                        "a log is opened again while its writes are under way",
                        "LoopReplicas.java",
                        "replica.waitsFor(\"the end of a write\");",
                        "whenDone.run();"),
                new Mutant(
                        "the log is truncated to the newest checkpoint",
                        "OwnCheckpoints.java",
                        "store.previous(replica.log()).map(CheckpointManifest::slot).orElse(0L);",
                        "store.newest(replica.log()).map(CheckpointManifest::slot).orElse(0L);"));
    }

    /** The bugs that need a certain course of events, which {@link EdgeScenarioTest} has. */
    static List<Mutant> edgeMutants() {
        return List.of(
                new Mutant(
                        "log time stands still while the wall clock is behind it",
                        "LogTime.java",
                        "        restNanos += lean(passed / SLACK_DIVISOR, wallMillis);\n",
                        "        restNanos = Math.max(0, Math.min(restNanos, (wallMillis - millis) * NANOS_PER_MILLI));\n"),
                new Mutant(
                        "a replica that has halted counts for a quorum",
                        "Election.java",
                        "return !status.isRetired();",
                        "return true;"),
                new Mutant(
                        "a replica that says nothing counts for a quorum",
                        "Election.java",
                        "return nowNanos - forgottenAtNanos.getOrDefault(peer, startedAtNanos) < limits.electionNanos();",
                        "return true;"),
                new Mutant(
                        "the loss of a slot is heard only by a node that asks for this slot",
                        "Learner.java",
                        "if (behind() && lacks(learned.fromSlot())",
                        "if (behind() && learned.fromSlot() == wanted()"),
                new Mutant(
                        "a slot is given up while one node has not answered",
                        "Repair.java",
                        ".allMatch(voter -> voter.equals(self) || (lostBy & configuration.bit(voter)) != 0);",
                        ".anyMatch(voter -> !voter.equals(self) && (lostBy & configuration.bit(voter)) != 0);"));
    }

    /** The bugs in the comparison of digests, which {@link DivergenceTest} plants a reason for. */
    static List<Mutant> digestMutants() {
        return List.of(
                new Mutant(
                        "a replica outside of the quorum goes on",
                        "DigestComparison.java",
                        "if (count.isWrong(late)) {",
                        "if (count.isWrong(late) && count.others == count.equal) {"),
                new Mutant("on a tie nobody halts", "DigestComparison.java", "others >= equal", "others > equal"),
                new Mutant(
                        "two that differ do not wait for the third",
                        "DigestComparison.java",
                        "boolean decided = known == marks.length || late;",
                        "boolean decided = true;"),
                new Mutant(
                        "two that differ wait for the third for ever",
                        "DigestComparison.java",
                        "nowNanos - openSinceNanos >= patienceNanos",
                        "nowNanos < openSinceNanos"),
                new Mutant(
                        "the state is not compared",
                        "DigestMark.java",
                        "return state.isPresent() && other.state.isPresent()",
                        "return false && other.state.isPresent()"),
                new Mutant(
                        "the history of a checkpoint is not that of its replica",
                        "ReplicaState.java",
                        ".putLong(history)",
                        ".putLong(0)"));
    }

    @ParameterizedTest
    @Execution(ExecutionMode.CONCURRENT)
    @MethodSource("digestMutants")
    void isCaughtAmongDigests(Mutant mutant, @TempDir Path directory) throws IOException, ReflectiveOperationException {
        mutant.mustBeCaught(directory, DivergenceTest.class, 0, 1);
    }

    /** Bugs of the fence (RULES.md O-4), which {@link OlderCopyTest} has the courses of events for. */
    static List<Mutant> fenceMutants() {
        return List.of(
                new Mutant(
                        "what a peer tells of its writes is not remembered",
                        "IncomingLink.java",
                        "            settings.roster().note(peer, life, noted);\n",
                        ""),
                new Mutant(
                        "data does not carry the mark",
                        "IncomingLink.java",
                        "        note(data.syncedWrites());\n",
                        ""),
                new Mutant(
                        "the writes of another life count",
                        "StoreLives.java",
                        "if (life.id() == mark.life()) {",
                        "if (life.id() != 0) {"),
                new Mutant(
                        "a fenced node keeps its links",
                        "Reception.java",
                        "            peers.values().forEach(peer -> peer.refuse(refused, detector, now));\n",
                        ""),
                new Mutant(
                        "the replicas of a fenced node go on",
                        "LogMessages.java",
                        "        logs.fail(reason, new ReplicaHaltedException(reason, null));\n",
                        ""),
                new Mutant(
                        "a fence is forgotten by those who did not know",
                        "Handshake.java",
                        "return roster.fenced().map(Handshake::amnesia).orElse(null);",
                        "return roster.holds(told) ? null : roster.fenced().map(Handshake::amnesia).orElse(null);"),
                new Mutant(
                        "a write is told before it is synced",
                        "OutgoingLink.java",
                        "settings.roster().syncedWrites()",
                        "settings.roster().syncedWrites() + 1"),
                new Mutant(
                        "the last write of a life counts as lost",
                        "StoreLives.java",
                        "                return mark.writes() <= end;",
                        "                return mark.writes() < end;"));
    }

    @ParameterizedTest
    @Execution(ExecutionMode.CONCURRENT)
    @MethodSource("fenceMutants")
    void isCaughtByTheFence(Mutant mutant, @TempDir Path directory) throws IOException, ReflectiveOperationException {
        mutant.mustBeCaught(directory, OlderCopyTest.class, 0, 1);
    }

    @ParameterizedTest
    @Execution(ExecutionMode.CONCURRENT)
    @MethodSource("edgeMutants")
    void isCaughtAtTheEdges(Mutant mutant, @TempDir Path directory) throws IOException, ReflectiveOperationException {
        mutant.mustBeCaught(directory, EdgeScenarioTest.class, 0, 1);
    }

    @ParameterizedTest
    @Execution(ExecutionMode.CONCURRENT)
    @MethodSource("mutants")
    void isCaught(Mutant mutant, @TempDir Path directory) throws IOException, ReflectiveOperationException {
        mutant.mustBeCaught(directory, SimRun.class, 0, MOST_SEEDS);
    }

    /** Seeds rarely lead there, so this one is caught by a scenario. */
    @Test
    void recordsBelowACheckpointThatTheLogDoesNotKnowAreMissed(@TempDir Path directory)
            throws IOException, ReflectiveOperationException {
        new Mutant(
                        "records below a checkpoint that the log does not know of are served as chosen",
                        "OpenedLog.java",
                        "if (checkpointSlot <= known) {",
                        "if (checkpointSlot > known) { return new OpenedLog(promised, checkpointSlot, checkpointSlot,"
                                + " recovered.truncatedBelow(), recovered.open().stream()"
                                + ".filter(entry -> entry.slot() > checkpointSlot).toList(), configuration, List.of()); }"
                                + " if (checkpointSlot <= known) {")
                .mustBeCaught(directory, ReopenTest.class, 1, 3);
    }
}
