package io.loggos.storage.kv;

import static io.loggos.api.kv.Compare.Relation.EQUAL;
import static io.loggos.api.kv.Compare.Relation.GREATER;
import static io.loggos.api.kv.Compare.Relation.LESS;
import static io.loggos.api.kv.Compare.Relation.NOT_EQUAL;
import static io.loggos.api.kv.Compare.Target.CREATE_REVISION;
import static io.loggos.api.kv.Compare.Target.LEASE;
import static io.loggos.api.kv.Compare.Target.MOD_REVISION;
import static io.loggos.api.kv.Compare.Target.VALUE;
import static io.loggos.api.kv.Compare.Target.VERSION;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Bytes;
import io.loggos.api.kv.Compare;
import io.loggos.api.kv.KeyValueException;
import io.loggos.api.kv.KeyValueException.Reason;
import io.loggos.api.kv.Operation;
import io.loggos.api.kv.Outcome;
import io.loggos.api.kv.access.Identity;
import io.loggos.api.kv.keys.KeyRange;
import io.loggos.storage.kv.operation.KeyValueCodec;
import io.loggos.storage.kv.operation.OperationChecks;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One short test for each rule of etcd's transactions. */
class TransactionRulesTest extends RulesOnMemory {
    @Test
    void comparisons() {
        put(A, "m");
        put(A, "n");
        assertTrue(holds(Compare.value(A, EQUAL, Bytes.utf8("n"))));
        assertTrue(holds(Compare.value(A, GREATER, Bytes.utf8("m"))));
        assertFalse(holds(Compare.value(A, LESS, Bytes.utf8("m"))));
        assertTrue(holds(Compare.value(A, NOT_EQUAL, Bytes.utf8("m"))));
        assertTrue(holds(Compare.number(A, VERSION, EQUAL, 2)));
        assertTrue(holds(Compare.number(A, CREATE_REVISION, EQUAL, 2)));
        assertTrue(holds(Compare.number(A, MOD_REVISION, GREATER, 2)));
        assertTrue(holds(Compare.number(A, LEASE, EQUAL, 0)));
        assertFalse(holds(Compare.number(A, MOD_REVISION, LESS, 3)));
    }

    @Test
    void anAbsentKeyComparesAsZerosAndHasNoValue() {
        assertTrue(holds(Compare.number(B, VERSION, EQUAL, 0)));
        assertTrue(holds(Compare.number(B, CREATE_REVISION, LESS, 1)));
        assertFalse(holds(Compare.value(B, NOT_EQUAL, Bytes.utf8("x"))));
        assertFalse(holds(Compare.value(B, EQUAL, Bytes.EMPTY)));
        assertTrue(holds(new Compare(KeyRange.prefix(B), MOD_REVISION, EQUAL, 0, Bytes.EMPTY)));
        assertFalse(holds(new Compare(KeyRange.prefix(B), VALUE, EQUAL, 0, Bytes.EMPTY)));
    }

    @Test
    void aComparisonOfARangeMustHoldForEveryKeyOfIt() {
        put(A, "1");
        put(B, "1");
        assertTrue(holds(new Compare(KeyRange.all(), VERSION, EQUAL, 1, Bytes.EMPTY)));
        put(B, "2");
        assertFalse(holds(new Compare(KeyRange.all(), VERSION, EQUAL, 1, Bytes.EMPTY)));
    }

    @Test
    void comparisonsOfNestedTransactionsSeeTheStateBeforeTheWhole() {
        Operation.Transaction nested = new Operation.Transaction(
                List.of(Compare.number(A, VERSION, EQUAL, 0)), List.of(putOf(B, "then")), List.of(putOf(B, "else")));
        transact(List.of(), putOf(A, "1"), nested);
        assertEquals(Bytes.utf8("then"), get(B).value());
    }

    @Test
    void readsInATransactionSeeWhatItChangedBefore() {
        put(A, "1");
        Outcome.Transaction done = transact(
                List.of(),
                rangeOf(KeyRange.single(A)),
                putOf(A, "2"),
                rangeOf(KeyRange.single(A)),
                rangeOf(KeyRange.all()).atRevision(2));
        assertEquals(List.of("a=1"), texts((Outcome.Range) done.outcomes().get(0)));
        assertEquals(List.of("a=2"), texts((Outcome.Range) done.outcomes().get(2)));
        assertEquals(List.of("a=1"), texts((Outcome.Range) done.outcomes().get(3)));
        assertRefused(
                Reason.FUTURE_REVISION,
                transaction(List.of(), putOf(A, "3"), rangeOf(KeyRange.all()).atRevision(4)));
    }

    @Test
    void aKeyIsChangedOnceInATransaction() {
        Operation.Delete deleteAll = new Operation.Delete(KeyRange.all(), false);
        Operation.Transaction putA = transaction(List.of(), putOf(A, "1"));
        assertRefused(Reason.DUPLICATE_KEY, transaction(List.of(), putOf(A, "1"), putOf(A, "2")));
        assertRefused(Reason.DUPLICATE_KEY, transaction(List.of(), putOf(A, "1"), deleteAll));
        assertRefused(Reason.DUPLICATE_KEY, transaction(List.of(), deleteAll, putA));
        assertRefused(Reason.DUPLICATE_KEY, transaction(List.of(), putA, putOf(A, "2")));
        assertRefused(Reason.DUPLICATE_KEY, transaction(List.of(), putA, putA));
        assertRefused(Reason.DUPLICATE_KEY, transaction(List.of(), transaction(List.of(), deleteAll), putA));
        Operation.Transaction either = new Operation.Transaction(List.of(), List.of(putA), List.of(putA));
        assertTrue(transact(List.of(), either).succeeded());
        assertTrue(transact(List.of(), deleteAll, deleteAll).succeeded());
        // As in etcd, a put may stand before a nested delete: the key is put and deleted at one revision.
        transact(List.of(), putA, transaction(List.of(), deleteAll));
        assertEquals(0, range(rangeOf(KeyRange.all())).count());
        assertEquals(4, machine.revision());
        assertEquals(List.of("a=1"), at(2));
        assertEquals(List.of(), at(4));
    }

    @Test
    void aTransactionHasAtMost128OperationsWithThoseItIsNestedIn() {
        Operation read = rangeOf(KeyRange.single(A));
        OperationChecks.check(transaction(List.of(), repeated(read, 128)), 128);
        assertTooMany(transaction(List.of(), repeated(read, 129)));
        Compare compare = Compare.number(A, VERSION, EQUAL, 0);
        assertTooMany(transaction(Collections.nCopies(129, compare), read));
        OperationChecks.check(transaction(List.of(), transaction(List.of(), repeated(read, 127))), 128);
        assertTooMany(transaction(List.of(), transaction(List.of(), repeated(read, 128))));
    }

    /** Nodes may allow different numbers, so the replicas do not decide it. */
    private void assertTooMany(Operation.Transaction transaction) {
        KeyValueException refused =
                assertThrows(KeyValueException.class, () -> OperationChecks.check(transaction, 128));
        assertEquals(Reason.TOO_MANY_OPERATIONS, refused.reason());
        apply(transaction);
    }

    @Test
    void transactionsNestSixteenDeepAndDoNotCompact() {
        Operation.Transaction inner = transaction(List.of(), putOf(A, "1"));
        for (int depth = 1; depth < 16; depth++) {
            inner = transaction(List.of(), inner);
        }
        apply(inner);
        assertEquals(Bytes.utf8("1"), get(A).value());
        Operation.Transaction tooDeep = transaction(List.of(), inner);
        assertEquals(
                Reason.INVALID,
                assertThrows(KeyValueException.class, () -> KeyValueCodec.encode(tooDeep))
                        .reason());
        assertRefused(Reason.INVALID, transaction(List.of(), new Operation.Compact(1)));
    }

    @Test
    void aRefusedTransactionLeavesNothingChanged() {
        put(A, "1");
        Bytes before = machine.digest();
        assertRefused(
                Reason.KEY_NOT_FOUND,
                transaction(List.of(), putOf(A, "2"), new Operation.Put(B, Bytes.EMPTY, 0, false, true, false)));
        assertRefused(
                Reason.LEASE_NOT_FOUND,
                transaction(List.of(), putOf(A, "2"), new Operation.Put(B, A, 9, false, false, false)));
        assertEquals(before, machine.digest());
    }

    @Test
    void readOnlyTransactionsAreDoneWithoutACommand() {
        put(A, "1");
        Outcome.Transaction done = machine.readOnly(Identity.NOBODY, transaction(List.of(), rangeOf(KeyRange.all())));
        assertEquals(List.of("a=1"), texts((Outcome.Range) done.outcomes().get(0)));
        assertThrows(
                IllegalArgumentException.class,
                () -> machine.readOnly(Identity.NOBODY, transaction(List.of(), putOf(A, "2"))));
    }
}
