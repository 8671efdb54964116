package io.loggos.storage.kv;

import static io.loggos.api.kv.Compare.Relation.EQUAL;
import static io.loggos.api.kv.Compare.Target.VERSION;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Bytes;
import io.loggos.api.Slot;
import io.loggos.api.kv.Compare;
import io.loggos.api.kv.KeyValue;
import io.loggos.api.kv.KeyValueException;
import io.loggos.api.kv.KeyValueException.Reason;
import io.loggos.api.kv.Operation;
import io.loggos.api.kv.Operation.SortOrder;
import io.loggos.api.kv.Operation.SortTarget;
import io.loggos.api.kv.Outcome;
import io.loggos.api.kv.keys.KeyRange;
import io.loggos.api.replica.Command;
import io.loggos.storage.kv.operation.KeyValueCodec;
import io.loggos.storage.kv.rows.OrderedStore;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One short test for each rule of etcd's data model. */
class KeyValueRulesTest extends RulesOnMemory {
    @Test
    void revisionsBeginAtOneAndEachChangeRaisesThemByOne() {
        assertEquals(1, machine.revision());
        assertEquals(2, put(A, "1").revision());
        assertEquals(3, put(A, "2").revision());
        assertEquals(4, delete(KeyRange.single(A)).revision());
        assertEquals(0, delete(KeyRange.single(A)).deleted());
        assertEquals(4, machine.revision());
    }

    @Test
    void aPutOnAKeyThatIsThereKeepsItsCreateRevision() {
        put(A, "1");
        put(B, "1");
        put(A, "2");
        assertEquals(new KeyValue(A, 2, 4, 2, 0, Bytes.utf8("2")), get(A));
        delete(KeyRange.single(A));
        put(A, "3");
        assertEquals(new KeyValue(A, 6, 6, 1, 0, Bytes.utf8("3")), get(A));
    }

    @Test
    void changesOfOneTransactionShareItsRevision() {
        Outcome.Transaction done = transact(List.of(), putOf(A, "1"), putOf(B, "2"), rangeOf(KeyRange.all()));
        assertEquals(2, machine.revision());
        assertEquals(2, done.revision());
        Outcome.Range seen = (Outcome.Range) done.outcomes().get(2);
        assertEquals(
                List.of(2L, 2L),
                seen.keyValues().stream().map(KeyValue::modRevision).toList());
        assertEquals(2, seen.revision());
    }

    @Test
    void aTransactionThatChangesNothingLeavesTheRevision() {
        put(A, "1");
        Outcome.Transaction done = transact(List.of(), new Operation.Delete(KeyRange.single(B), false));
        assertEquals(2, done.revision());
        assertEquals(2, machine.revision());
    }

    @Test
    void previousIsReturnedWhereAskedFor() {
        assertNull(((Outcome.Put) apply(new Operation.Put(A, C, 0, true, false, false))).previous());
        KeyValue first = get(A);
        assertEquals(first, ((Outcome.Put) apply(new Operation.Put(A, B, 0, true, false, false))).previous());
        KeyValue second = get(A);
        assertNull(put(A, "x").previous());
        put(B, "y");
        KeyValue third = get(A);
        Outcome.Delete deleted = (Outcome.Delete) apply(new Operation.Delete(KeyRange.all(), true));
        assertEquals(2, deleted.deleted());
        assertEquals(third, deleted.previous().get(0));
        assertEquals(3, third.version() + second.version() - first.version() - 1);
    }

    @Test
    void theValueOrLeaseOfAKeyCanBeKept() {
        assertRefused(Reason.KEY_NOT_FOUND, new Operation.Put(A, Bytes.EMPTY, 0, false, true, false));
        assertRefused(Reason.KEY_NOT_FOUND, new Operation.Put(A, B, 0, false, false, true));
        put(A, "1");
        apply(new Operation.Put(A, Bytes.EMPTY, 0, false, true, false));
        assertEquals(new KeyValue(A, 2, 3, 2, 0, Bytes.utf8("1")), get(A));
        apply(new Operation.Put(A, B, 0, false, false, true));
        assertEquals(B, get(A).value());
        assertRefused(Reason.INVALID, new Operation.Put(A, B, 0, false, true, false));
        assertRefused(Reason.INVALID, new Operation.Put(A, B, 1, false, false, true));
        assertRefused(Reason.LEASE_NOT_FOUND, new Operation.Put(A, B, 1, false, false, false));
    }

    @Test
    void keysMustNotBeEmpty() {
        assertRefused(Reason.EMPTY_KEY, putOf(Bytes.EMPTY, "1"));
        assertRefused(Reason.EMPTY_KEY, rangeOf(KeyRange.single(Bytes.EMPTY)));
        assertRefused(Reason.EMPTY_KEY, new Operation.Delete(KeyRange.single(Bytes.EMPTY), false));
        assertRefused(Reason.EMPTY_KEY, transaction(List.of(), putOf(Bytes.EMPTY, "1")));
        Compare compare = Compare.number(Bytes.EMPTY, VERSION, EQUAL, 0);
        assertRefused(Reason.EMPTY_KEY, transaction(List.of(compare)));
        assertEquals(0, range(rangeOf(KeyRange.all())).count());
        assertEquals(0, range(rangeOf(KeyRange.between(Bytes.EMPTY, A))).count());
    }

    @Test
    void oldRevisionsCanBeRead() {
        put(A, "1");
        put(B, "1");
        put(A, "2");
        delete(KeyRange.single(B));
        assertEquals(List.of(), at(1));
        assertEquals(List.of("a=1"), at(2));
        assertEquals(List.of("a=1", "b=1"), at(3));
        assertEquals(List.of("a=2", "b=1"), at(4));
        assertEquals(List.of("a=2"), at(5));
        assertEquals(List.of("a=2"), at(0));
        assertEquals(List.of("a=2"), at(-1));
        assertEquals(5, range(rangeOf(KeyRange.all()).atRevision(2)).revision());
        assertRefused(Reason.FUTURE_REVISION, rangeOf(KeyRange.all()).atRevision(6));
    }

    @Test
    void compactionForgetsWhatWasSupersededAndNothingElse() {
        put(A, "1");
        put(A, "2");
        put(B, "1");
        assertEquals(-1, machine.compactedRevision());
        assertRefused(Reason.COMPACTED, new Operation.Compact(-1));
        assertEquals(4, apply(new Operation.Compact(0)).revision(), "etcd has compacted to -1 before");
        assertRefused(Reason.COMPACTED, new Operation.Compact(0));
        assertRefused(Reason.FUTURE_REVISION, new Operation.Compact(5));
        assertEquals(4, apply(new Operation.Compact(3)).revision());
        assertEquals(3, machine.compactedRevision());
        assertRefused(Reason.COMPACTED, rangeOf(KeyRange.all()).atRevision(2));
        assertRefused(Reason.COMPACTED, rangeOf(KeyRange.single(A)).atRevision(2));
        assertEquals(List.of("a=2"), at(3));
        assertEquals(List.of("a=2", "b=1"), at(4));
        assertRefused(Reason.COMPACTED, new Operation.Compact(3));
        assertEquals(4, apply(new Operation.Compact(4)).revision());
    }

    @Test
    void countIgnoresLimitAndFilters() {
        for (String key : List.of("a", "b", "c", "d")) {
            put(Bytes.utf8(key), key);
        }
        Outcome.Range cut = range(rangeOf(KeyRange.all()).limitedTo(2));
        assertEquals(List.of("a=a", "b=b"), texts(cut));
        assertTrue(cut.more());
        assertEquals(4, cut.count());
        Outcome.Range whole = range(rangeOf(KeyRange.all()).limitedTo(4));
        assertFalse(whole.more());
        Outcome.Range filtered = range(shaped(SortTarget.KEY, SortOrder.NONE, 0, false, false, 3, 4));
        assertEquals(List.of("b=b", "c=c"), texts(filtered));
        assertEquals(4, filtered.count());
        assertFalse(filtered.more());
        Outcome.Range cutAfterFilter = range(shaped(SortTarget.KEY, SortOrder.NONE, 1, false, false, 3, 4));
        assertEquals(List.of("b=b"), texts(cutAfterFilter));
        assertTrue(cutAfterFilter.more());
    }

    @Test
    void keysOnlyAndCountOnlyLeaveOut() {
        put(A, "1");
        put(B, "2");
        Outcome.Range keys = range(shaped(SortTarget.VALUE, SortOrder.DESCENDING, 0, true, false, 0, 0));
        assertEquals(List.of("b=", "a="), texts(keys));
        Outcome.Range count = range(shaped(SortTarget.KEY, SortOrder.NONE, 1, false, true, 0, 0));
        assertEquals(new Outcome.Range(3, List.of(), false, 2), count);
    }

    @ParameterizedTest
    @CsvSource({
        "KEY, NONE, abc",
        "KEY, ASCENDING, abc",
        "KEY, DESCENDING, cba",
        "VERSION, ASCENDING, bca",
        "VERSION, DESCENDING, abc",
        "VERSION, NONE, bca",
        "CREATE_REVISION, ASCENDING, cab",
        "CREATE_REVISION, DESCENDING, bac",
        "MOD_REVISION, ASCENDING, cba",
        "MOD_REVISION, DESCENDING, abc",
        "VALUE, ASCENDING, bac",
        "VALUE, DESCENDING, cab"
    })
    void sorting(SortTarget target, SortOrder order, String expected) {
        put(C, "9");
        put(A, "0");
        put(B, "1");
        put(A, "5");
        Outcome.Range found = range(shaped(target, order, 0, false, false, 0, 0));
        StringBuilder keys = new StringBuilder();
        found.keyValues().forEach(each -> keys.append(each.key().toUtf8()));
        assertEquals(expected, keys.toString());
        Outcome.Range first = range(shaped(target, order, 1, false, false, 0, 0));
        assertEquals(expected.substring(0, 1), first.keyValues().get(0).key().toUtf8());
        assertTrue(first.more());
    }

    @Test
    void whatIsNoOperationIsAnsweredAsInvalid() {
        Bytes answer = machine.apply(command(Bytes.utf8("nonsense")));
        KeyValueException refusal = assertThrows(KeyValueException.class, () -> KeyValueCodec.decodeAnswer(answer));
        assertEquals(Reason.INVALID, refusal.reason());
    }

    @Test
    void slotsDoNotGoBack() {
        machine.apply(new Command(Slot.of(5), Instant.EPOCH, KeyValueCodec.encode(putOf(A, "1"))));
        machine.apply(new Command(Slot.of(5), Instant.EPOCH, KeyValueCodec.encode(putOf(A, "2"))));
        Command earlier = new Command(Slot.of(4), Instant.EPOCH, KeyValueCodec.encode(putOf(A, "3")));
        assertThrows(IllegalStateException.class, () -> machine.apply(earlier));
        assertEquals(Bytes.utf8("2"), get(A).value());
    }

    @Test
    void manyKeysAndManyVersions() {
        int keys = 3000;
        for (int round = 1; round <= 3; round++) {
            for (int i = 0; i < keys; i++) {
                put(Bytes.utf8("key-" + i), "v" + round);
            }
        }
        long oldRevision = 1L + keys + 17;
        Outcome.Range old = range(rangeOf(KeyRange.all()).atRevision(oldRevision));
        assertEquals(keys, old.count());
        assertEquals(
                17, old.keyValues().stream().filter(each -> each.version() == 2).count());
        Outcome.Range oldFirst =
                range(rangeOf(KeyRange.all()).atRevision(oldRevision).limitedTo(700));
        assertEquals(old.keyValues().subList(0, 700), oldFirst.keyValues());
        assertEquals(keys, oldFirst.count());
        Outcome.Delete deleted = (Outcome.Delete) apply(new Operation.Delete(KeyRange.all(), true));
        assertEquals(keys, deleted.deleted());
        assertEquals(keys, deleted.previous().size());
        assertEquals(List.of(), at(0));
        assertEquals(
                keys, range(rangeOf(KeyRange.all()).atRevision(oldRevision)).count());
    }

    @Test
    void rowsThatWereCompactedAwayGoByAndByWithoutShowingInTheDigest() {
        for (int i = 0; i < 5000; i++) {
            put(A, "v" + i);
        }
        apply(new Operation.Compact(machine.revision()));
        Bytes digest = machine.digest();
        long left = store.count(OrderedStore.Table.HISTORY, Bytes.EMPTY, null, Long.MAX_VALUE);
        assertTrue(left > 1, "all rows went at once");
        for (int i = 0; i < 20; i++) {
            machine.checkpoint();
            assertEquals(digest, machine.digest());
        }
        assertEquals(1, store.count(OrderedStore.Table.HISTORY, Bytes.EMPTY, null, Long.MAX_VALUE));
        // The event at the compacted revision, and the version before it, which a watch from there may ask for.
        assertEquals(2, store.count(OrderedStore.Table.EVENTS, Bytes.EMPTY, null, Long.MAX_VALUE));
        assertEquals(List.of("a=v4999"), at(0));
    }
}
