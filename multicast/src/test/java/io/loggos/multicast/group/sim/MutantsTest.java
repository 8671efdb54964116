package io.loggos.multicast.group.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
    private static final int MOST_SEEDS = 1000;

    static List<Mutant> mutants() {
        return List.of(
                new Mutant(
                        "what was acknowledged in an earlier view counts in this one",
                        "Stability.java",
                        "received = new long[view.size()];",
                        """
                                class Earlier {
                                    static final java.util.Map<String, long[]> VECTORS = new java.util.TreeMap<>();
                                }
                                received = Earlier.VECTORS.computeIfAbsent(
                                        view.member(self) + " of " + view.size(), key -> new long[view.size()]);
                        """),
                new Mutant(
                        "stable is what one other member has",
                        "Stability.java",
                        "                least = Math.min(least, received[rank]);",
                        "                return received[rank];"),
                new Mutant(
                        "the trim is the minimum",
                        "RaggedTrim.java",
                        "long[] union = new long[ranks];",
                        "long[] union = digests.iterator().next().received().toArray();"
                                + " for (Flushed digest : digests) { for (int rank = 0; rank < ranks; rank++) {"
                                + " union[rank] = Math.min(union[rank], digest.received().at(rank)); } }"
                                + " if (ranks > 0) { return VectorClock.of(union); }"),
                new Mutant(
                        "the trim is not closed causally",
                        "CausalClosure.java",
                        "if (other != rank && next.stamp().at(other) > through[other]) {",
                        "if (false) {"),
                new Mutant(
                        "a view overtakes the messages before it",
                        "GroupLifecycle.java",
                        "member.channel().end(trim.union());",
                        ""),
                new Mutant(
                        "order numbers that came late are forgotten at the end of a view",
                        "ViewChannel.java",
                        """
                                takeOrderNumbers();
                                VectorClock through = CausalClosure.of(streams, union);
                        """,
                        "        VectorClock through = CausalClosure.of(streams, union);\n"),
                new Mutant(
                        "what was never ordered comes as each member likes",
                        "TotalOrder.java",
                        "if (tails[rank].first != Long.MAX_VALUE && isFree(rank)) {",
                        "int turned = tails[0].stream.consumed() % 2 == 0 ? rank : tails.length - 1 - rank;"
                                + " if (tails[turned].first != Long.MAX_VALUE && isFree(turned)) {"
                                + " if (turned != rank) { return turned; }"),
                new Mutant(
                        "the digest moves after it was reported",
                        "ViewChannel.java",
                        "        return VectorClock.of(limits);",
                        "VectorClock digest = VectorClock.of(limits); Arrays.fill(limits, Long.MAX_VALUE); return digest;"),
                new Mutant(
                        "a trim is acknowledged before all of it is here",
                        "FlushState.java",
                        "if (trim != null && channel.hasAll(trim.union())) {",
                        "if (trim != null) {"),
                new Mutant(
                        "a trim is acted on before all have acknowledged it",
                        "Coordinator.java",
                        " || !trimmed.containsAll(survivors)",
                        ""),
                new Mutant(
                        "a primary view that was agreed on earlier is not confirmed",
                        "Coordinator.java",
                        "(settings.grantsLapse() || still.size() < acted.survivors().size())) {",
                        "false) {"),
                new Mutant(
                        "newcomers are survivors",
                        "Coordinator.java",
                        "            going.retainAll(trim == null ? next.view().members() : trim.survivors());",
                        "going = new ArrayList<>(next.view().members());"),
                new Mutant(
                        "sending goes on after the freeze",
                        "ViewChannel.java",
                        "while (!frozen && maySend && outgoing.send(now)) {",
                        "while (maySend && outgoing.send(now)) {"),
                new Mutant(
                        "safe messages are delivered on receipt",
                        "ViewChannel.java",
                        " || ending || isSafe(rank, packet);",
                        " || true;"),
                new Mutant(
                        "causal messages are delivered on receipt",
                        "ViewChannel.java",
                        "if (packet.isCausal() && !isAfterCauses(rank, packet)) {",
                        "if (false) {"),
                new Mutant(
                        "a hollow packet is passed on to whom it is for",
                        "ViewChannel.java",
                        "boolean isTarget = packet.to() == other;",
                        "boolean isTarget = false;"),
                new Mutant(
                        "credit is ignored",
                        "Outgoing.java",
                        "if (first == null || untakenBytes >= settings.options().windowBytes()) {",
                        "if (first == null) {"),
                new Mutant(
                        "a receipt calls what came with the cut stable",
                        "ViewChannel.java",
                        "packet.isSafe() && (!ending || isSafe(rank, packet))",
                        "packet.isSafe()"),
                new Mutant(
                        "a receipt calls a message to one member delivered once that has received it",
                        "Outgoing.java",
                        "receipts.taken(rank, ack.taken());",
                        "receipts.taken(rank, ack.received());"),
                new Mutant(
                        "a receipt calls messages to one member delivered whoever goes on",
                        "OpenReceipts.java",
                        "if (gave && goesOn) {",
                        "if (gave) {"),
                new Mutant(
                        "a receipt is given before the delivery",
                        "OpenReceipts.java",
                        "            queue.add(new Open(packet.number(), pending));",
                        "            end(new Open(packet.number(), pending), Outcome.DELIVERED);"),
                new Mutant(
                        "receipts are forgotten when a view ends",
                        "OpenReceipts.java",
                        "                taken(each.getKey(), delivered);\n            }\n        }\n        lost();",
                        "                taken(each.getKey(), delivered);\n            }\n        }\n"
                                + "        multicasts.clear();\n        toOne.clear();"),
                new Mutant(
                        "receipts of a view that goes on are given up",
                        "OpenReceipts.java",
                        "        endsInPrimary = trim.next()",
                        "        lost();\n        endsInPrimary = trim.next()"),
                new Mutant(
                        "a joiner is not given the state",
                        "ViewEntry.java",
                        "if (next.newcomers().contains(self) && provider != null) {",
                        "if (false) {"),
                new Mutant(
                        "a view is primary without a majority",
                        "MajorityAgreement.java",
                        "if (2 * now.granted.size() > nodes.size()) {",
                        "if (true) {"),
                new Mutant(
                        "a view that is not primary sends",
                        "Membership.java",
                        "boolean maySend = view.primary() || ",
                        "boolean maySend = true || "),
                new Mutant(
                        "the group is founded by whoever comes first",
                        "Founding.java",
                        "return present.containsAll(founders);",
                        "return true;"),
                new Mutant(
                        "a first view has a member that is not enough",
                        "Founding.java",
                        "2L * present.size() > up)",
                        "2L * present.size() >= up)"),
                new Mutant(
                        "a first view does not wait for those that may come",
                        "Founding.java",
                        "(waited > settings.electionNanos() && ",
                        "(waited >= 0 && "),
                new Mutant(
                        "a founder asks nobody",
                        "Joining.java",
                        "        if (settings.hasMajority(connectivity)) {\n            founding = view;\n            effects.propose(founding(view));",
                        "        if (settings.hasMajority(connectivity)) {\n            host.found(this, new GroupView(view.id(), view.members(), true, view.id()));"),
                new Mutant(
                        "a view is in force no longer once one member of it is gone",
                        "MajorityAgreement.java",
                        "return view.members().stream().allMatch(member -> {",
                        "return view.members().stream().anyMatch(member -> {"),
                new Mutant(
                        "newcomers are in the transitional set",
                        "ViewEntry.java",
                        " && !next.newcomers().contains(member)) {",
                        ") {"),
                new Mutant(
                        "the transitional set is oneself",
                        "ViewEntry.java",
                        "if (!fresh && next.view().contains(member)",
                        "if (false && next.view().contains(member)"));
    }

    /** Bugs that show only if certain messages are late, which tests of single cases arrange. */
    static List<Mutant> mutantsOfSingleCases() {
        return List.of(
                new Mutant(
                        "a view that all have left stays in force",
                        "MajorityAgreement.java",
                        "\n                && !isDeserted(group, before.view());",
                        ";"),
                new Mutant(
                        "a first view that was refused is not proposed again",
                        "Joining.java",
                        "private static final int REFUSED_TIMEOUTS = 4;",
                        "private static final int REFUSED_TIMEOUTS = 0;"),
                new Mutant(
                        "a leaving member always keeps the view changing",
                        "NextViewPlan.java",
                        "return leavers.stream().anyMatch(leaver -> !leaver.equals(keeper));",
                        "return !leavers.isEmpty();"),
                new Mutant(
                        "a member looks for the group before its application knows that it was excluded",
                        "GroupLifecycle.java",
                        " && untoldEvictions == 0;",
                        ";"),
                new Mutant(
                        "a safe total message does not wait for its order number to be stable",
                        "ViewChannel.java",
                        "return !packet.isTotal() || streams[0].stable() >= order.headBy();",
                        "return true;"),
                new Mutant(
                        "a safe message does not wait for its causes",
                        "ViewChannel.java",
                        "long needed = other == rank ? packet.number() : packet.stamp().at(other);",
                        "long needed = other == rank ? packet.number() : 0;"),
                new Mutant(
                        "the cut is closed in one pass",
                        "CausalClosure.java",
                        "} while (progress);",
                        "} while (false);"),
                new Mutant(
                        "the lowest acknowledged cut is adopted",
                        "Coordinator.java",
                        "trim.attempt().compareTo(highest.attempt()) > 0",
                        "trim.attempt().compareTo(highest.attempt()) < 0"),
                new Mutant(
                        "untaken bytes are not carried into the next view",
                        "ViewEntry.java",
                        "fresh ? 0 : from.channel().untakenBytes(),",
                        "0,"),
                new Mutant(
                        "newcomers are in the transitional set",
                        "ViewEntry.java",
                        " && !next.newcomers().contains(member)) {",
                        ") {"),
                new Mutant(
                        "the transitional set is oneself",
                        "ViewEntry.java",
                        "if (!fresh && next.view().contains(member)",
                        "if (false && next.view().contains(member)"),
                new Mutant(
                        "a node without the group does not answer for its former member",
                        "Groups.java",
                        "if (presumes\n",
                        "if (process != null && presumes\n"),
                new Mutant(
                        "a leave does not wait for the transfer of the state",
                        "GroupLifecycle.java",
                        "(isKeeper ? settings.transferNanos() : 0)",
                        "0"),
                new Mutant(
                        "there is no pause after a membership",
                        "Backoff.java",
                        "int doublings = Math.min(failures - 1, MOST_DOUBLINGS);",
                        "int doublings = -1;"),
                new Mutant(
                        "a newcomer without the state holds up the others",
                        "ViewChannel.java",
                        "boolean feeds = waitingBytes() <= feedsUpToBytes;",
                        "boolean feeds = false;"),
                new Mutant(
                        "a newcomer holds up the others once it has the state",
                        "CatchUp.java",
                        "if (hasState && waitingBytes <= settings.options().windowBytes()) {",
                        "if (hasState) {"),
                new Mutant(
                        "no more waits for a newcomer that has failed",
                        "GroupSettings.java",
                        "<< Math.min(failures, MOST_DOUBLINGS);",
                        ";"),
                new Mutant(
                        "a newcomer for which too much waits stays",
                        "CatchUp.java",
                        "return waitingBytes > limitBytes",
                        "return waitingBytes < 0"),
                new Mutant(
                        "who has sent nothing in a view is held up in it",
                        "Outgoing.java",
                        "waits && tooLong && stability.consumed(slowest) < own.received()",
                        "waits && tooLong"),
                new Mutant(
                        "order numbers are not split", "OrderNumbers.java", "if (size() <= mostRuns) {", "if (true) {"),
                new Mutant(
                        "packets are as large as ever",
                        "GroupSettings.java",
                        "return Math.min(PACKET_BYTES, frameBytes - RESERVED_BYTES);",
                        "return PACKET_BYTES;"));
    }

    @Test
    void nothingIsFoundWhereNoBugIsPlanted() {
        assertEquals("", SimRun.firstViolation(0, 100));
    }

    @ParameterizedTest
    @Execution(ExecutionMode.CONCURRENT)
    @MethodSource("mutants")
    void isCaught(Mutant mutant, @TempDir Path directory) throws IOException, ReflectiveOperationException {
        mutant.mustBeCaught(directory, SimRun.class, 0, MOST_SEEDS);
    }

    @Test
    void singleCasesPassWhereNoBugIsPlanted() {
        assertEquals("", SingleCases.firstViolation(0, 1));
    }

    @ParameterizedTest
    @Execution(ExecutionMode.CONCURRENT)
    @MethodSource("mutantsOfSingleCases")
    void isCaughtByASingleCase(Mutant mutant, @TempDir Path directory)
            throws IOException, ReflectiveOperationException {
        mutant.mustBeCaught(directory, SingleCases.class, 0, 1);
    }
}
