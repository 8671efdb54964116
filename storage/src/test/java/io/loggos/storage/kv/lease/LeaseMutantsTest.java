package io.loggos.storage.kv.lease;

import io.loggos.testkit.Mutant;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The predicates of leases are trusted because each of these bugs, planted one at a time, is caught by them. */
class LeaseMutantsTest {
    private static final int MOST_SEEDS = 100;

    static List<Mutant> mutants() {
        return List.of(
                new Mutant(
                        "expiry by the local clock",
                        "LeaseRunner.java",
                        "if (table.isExpired(claim)) {",
                        "if (table.contains(claim.id())"
                                + " && table.remainingMillis(table.get(claim.id()), localMillisUp()) == 0) {"),
                new Mutant(
                        "the leases are missing from the checkpoint",
                        "KeyValueStateMachine.java",
                        "        leases.store();\n        return versions.checkpoint();",
                        "        return versions.checkpoint();"),
                new Mutant(
                        "a renewal is missing from the checkpoint",
                        "LeaseTable.java",
                        "lease.localMillis = localMillis;\n        lease.isUnwritten = true;",
                        "lease.localMillis = localMillis;"),
                new Mutant(
                        "a lease that has ended stays in the checkpoint",
                        "LeaseRunner.java",
                        "rows.header(id, null);",
                        ""),
                new Mutant(
                        "a key that is put with another lease stays with the one it had",
                        "LeaseRows.java",
                        "batch.delete(Table.LEASED, leased(from, event.key));",
                        ""),
                new Mutant(
                        "a key is not attached",
                        "LeaseRows.java",
                        "batch.put(Table.LEASED, leased(to, event.key), Bytes.EMPTY);",
                        ""),
                new Mutant(
                        "the keys of a lease are deleted at several revisions",
                        "LeaseRunner.java",
                        "versions.delete(key, standing, revision, changes++);",
                        "if (changes++ > 0) { versions.revision(revision++); }"
                                + " versions.delete(key, standing, revision, 0);"),
                new Mutant(
                        "a change of leader extends no lease",
                        "LeaseTable.java",
                        "takeover = ++lastRenewal;",
                        "lastRenewal++;"),
                new Mutant(
                        "a new leader does not take over",
                        "Lessor.java",
                        "if (!ballot.equals(takenOver)) {",
                        "if (false) {"),
                new Mutant(
                        "an expiry takes effect although a renewal is before it in the log",
                        "LeaseTable.java",
                        "if (lease == null || claim.renewal() != renewal(lease)) {",
                        "if (lease != null && lease.ttlMillis > 0) { return true; } else if (lease == null) {"),
                new Mutant(
                        "a key is put with a lease that does not exist",
                        "TransactionPlan.java",
                        "if (put.lease() != 0 && !leases.test(put.lease())) {",
                        "if (false) {"));
    }

    @ParameterizedTest
    @MethodSource("mutants")
    void isCaught(Mutant mutant, @TempDir Path directory) throws IOException, ReflectiveOperationException {
        mutant.mustBeCaught(directory, LeaseSimulation.class, 1, MOST_SEEDS);
    }
}
