package io.loggos.storage.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Bytes;
import io.loggos.api.kv.Compare;
import io.loggos.api.kv.KeyValue;
import io.loggos.api.kv.KeyValueException;
import io.loggos.api.kv.KeyValueException.Reason;
import io.loggos.api.kv.Operation;
import io.loggos.api.kv.Operation.SortOrder;
import io.loggos.api.kv.Operation.SortTarget;
import io.loggos.api.kv.Outcome;
import io.loggos.api.kv.keys.KeyRange;
import io.loggos.storage.kv.operation.OperationChecks;
import io.loggos.storage.kv.rows.MemoryOrderedStore;
import io.loggos.storage.kv.versions.VersionedStore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

/** One operation can neither fill the heap nor keep the thread that applies commands busy for long. */
class CostTest extends RulesOnMemory {
    private static final String MEBIBYTE = "v".repeat(1 << 20);

    @Test
    void aDeletionThatReturnsTooMuchIsRefusedAndChangesNothing() {
        putMebibytes(17);
        assertRefused(Reason.OPERATION_TOO_LARGE, new Operation.Delete(KeyRange.all(), true));
        assertRefused(
                Reason.OPERATION_TOO_LARGE,
                transaction(List.of(), putOf(A, "1"), new Operation.Delete(KeyRange.from(B), true)));
        assertEquals(
                17,
                range(shaped(SortTarget.KEY, SortOrder.NONE, 0, true, false, 0, 0))
                        .count());
        assertEquals(17, delete(KeyRange.all()).deleted());
    }

    @Test
    void aPutWithManyRangesOfEverythingIsRefusedAndChangesNothing() {
        putMebibytes(1);
        List<Operation> then = new ArrayList<>(List.of(repeated(rangeOf(KeyRange.all()), 120)));
        then.add(0, putOf(A, "1"));
        assertRefused(Reason.OPERATION_TOO_LARGE, new Operation.Transaction(List.of(), then, List.of()));
        then.subList(9, then.size()).clear();
        Outcome.Transaction outcome =
                (Outcome.Transaction) apply(new Operation.Transaction(List.of(), then, List.of()));
        assertEquals(9, outcome.outcomes().size());
    }

    @Test
    void whatATransactionPutsIsPartOfItsAnswer() {
        Operation.Put large = Operation.Put.of(A, Bytes.utf8(MEBIBYTE));
        List<Operation> then = new ArrayList<>(List.of(repeated(rangeOf(KeyRange.all()), 20)));
        then.add(0, large);
        assertRefused(Reason.OPERATION_TOO_LARGE, new Operation.Transaction(List.of(), then, List.of()));
    }

    @Test
    void nestedRangesOfManyKeysAreRefusedBeforeTheyKeepTheThreadBusy() {
        for (int i = 0; i < 200; i++) {
            put(Bytes.utf8("key-" + i), "v");
        }
        Operation.Range sorted = new Operation.Range(
                KeyRange.all(), 0, 1, SortTarget.VERSION, SortOrder.DESCENDING, true, false, 0, 0, 0, 0);
        Operation nested = nested(nested(nested(sorted)));
        assertRefused(Reason.OPERATION_TOO_LARGE, nested);
        assertEquals(
                Reason.ANSWER_TOO_LARGE,
                assertThrows(
                                KeyValueException.class,
                                () -> reading(Cost.ofRead(1 << 20, () -> false)).run((Operation.Transaction) nested))
                        .reason());
    }

    @Test
    void aRangeThatSortsLoadsOnlyTheValuesThatItShows() {
        putMebibytes(20);
        Operation.Range newest = new Operation.Range(
                KeyRange.all(), 0, 1, SortTarget.MOD_REVISION, SortOrder.DESCENDING, false, false, 0, 0, 0, 0);
        Outcome.Range seen = (Outcome.Range) apply(newest);
        assertEquals(
                List.of("key-29"),
                seen.keyValues().stream().map(each -> each.key().toUtf8()).toList());
        assertEquals(20, seen.count());
    }

    @Test
    void comparisonsOfRangesArePaid() {
        for (int i = 0; i < 9000; i++) {
            put(Bytes.utf8("key-" + i), "v");
        }
        Compare all = new Compare(KeyRange.all(), Compare.Target.VERSION, Compare.Relation.GREATER, 0, Bytes.EMPTY);
        assertRefused(
                Reason.OPERATION_TOO_LARGE,
                new Operation.Transaction(Collections.nCopies(128, all), List.of(putOf(A, "1")), List.of()));
    }

    @Test
    void aReadForWhichNobodyWaitsEnds() {
        for (int i = 0; i < 3000; i++) {
            put(Bytes.utf8("key-" + i), "v");
        }
        assertThrows(
                CancellationException.class,
                () -> reading(Cost.ofRead(1 << 30, () -> true)).run(rangeOf(KeyRange.all())));
    }

    /** The plan is made before anything changes, so it must never be below the answer. */
    @Test
    void thePlanOfATransactionPaysAtLeastForItsAnswer() {
        int withChanges = 0;
        for (int seed = 0; seed < 400; seed++) {
            Random random = new Random(seed);
            VersionedStore versions = new VersionedStore(new MemoryOrderedStore());
            OperationRunner runner = new OperationRunner(versions, lease -> false);
            RandomOperations operations = new RandomOperations(random, 2);
            for (int i = 0; i < 60; i++) {
                Operation.Transaction transaction = operations.transaction(versions.revision(), 3);
                long before = versions.revision();
                try {
                    OperationChecks.check(transaction);
                    Cost cost = Cost.unlimited();
                    TransactionPlan plan =
                            new TransactionPlan(versions, new RangeReader(versions), cost, lease -> false);
                    plan.checkAnswer(plan.choose(transaction));
                    long answered = bytes(runner.run(transaction));
                    assertTrue(cost.bytes() >= answered, () -> cost.bytes() + " < " + answered + ": " + transaction);
                    withChanges += answered > 0 && versions.revision() > before ? 1 : 0;
                } catch (KeyValueException refused) {
                    assertEquals(before, versions.revision());
                }
            }
        }
        assertTrue(withChanges > 1000, () -> "too few transactions with changes and an answer");
    }

    private static long bytes(Outcome outcome) {
        if (outcome instanceof Outcome.Transaction transaction) {
            return transaction.outcomes().stream().mapToLong(CostTest::bytes).sum();
        } else if (outcome instanceof Outcome.Range range) {
            return range.keyValues().stream().mapToLong(CostTest::bytes).sum();
        } else if (outcome instanceof Outcome.Delete delete) {
            return delete.previous().stream().mapToLong(CostTest::bytes).sum();
        } else if (outcome instanceof Outcome.Put put && put.previous() != null) {
            return bytes(put.previous());
        }
        return 0;
    }

    private static long bytes(KeyValue shown) {
        return (long) Cost.KEY_OVERHEAD_BYTES
                + shown.key().size()
                + shown.value().size();
    }

    private static Operation.Transaction nested(Operation inner) {
        return transaction(List.of(), repeated(inner, 28));
    }

    private void putMebibytes(int keys) {
        for (int i = 10; i < 10 + keys; i++) {
            put(Bytes.utf8("key-" + i), MEBIBYTE);
        }
    }

    private Reading reading(Cost cost) {
        return new Reading(machine.snapshot(), cost);
    }
}
