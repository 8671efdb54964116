package io.loggos.storage.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

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
import io.loggos.api.kv.access.Identity;
import io.loggos.api.kv.keys.KeyRange;
import io.loggos.api.replica.Command;
import io.loggos.storage.kv.operation.KeyValueCodec;
import io.loggos.storage.kv.rows.MemoryOrderedStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/** Store in memory and short ways to ask it, for the tests of rules. */
abstract class RulesOnMemory {
    static final Bytes A = Bytes.utf8("a");
    static final Bytes B = Bytes.utf8("b");
    static final Bytes C = Bytes.utf8("c");

    final MemoryOrderedStore store = new MemoryOrderedStore();
    final KeyValueStateMachine machine = new KeyValueStateMachine(store);
    private long slot;

    Command command(Bytes payload) {
        return new Command(Slot.of(++slot), Instant.EPOCH, payload);
    }

    Outcome apply(Operation operation) {
        return KeyValueCodec.decodeAnswer(machine.apply(command(KeyValueCodec.encode(operation))));
    }

    void assertRefused(Reason reason, Operation operation) {
        long before = machine.revision();
        assertEquals(
                reason,
                assertThrows(KeyValueException.class, () -> apply(operation)).reason());
        assertEquals(before, machine.revision());
        if (operation instanceof Operation.Range range) {
            assertEquals(
                    reason,
                    assertThrows(KeyValueException.class, () -> machine.range(Identity.NOBODY, range))
                            .reason());
        }
    }

    boolean holds(Compare compare) {
        return transact(List.of(compare)).succeeded();
    }

    Outcome.Transaction transact(List<Compare> compares, Operation... then) {
        return (Outcome.Transaction) apply(transaction(compares, then));
    }

    static Operation.Transaction transaction(List<Compare> compares, Operation... then) {
        return new Operation.Transaction(compares, List.of(then), List.of());
    }

    static Operation[] repeated(Operation operation, int times) {
        return Collections.nCopies(times, operation).toArray(Operation[]::new);
    }

    Outcome.Put put(Bytes key, String value) {
        return (Outcome.Put) apply(putOf(key, value));
    }

    Outcome.Delete delete(KeyRange keys) {
        return (Outcome.Delete) apply(new Operation.Delete(keys, false));
    }

    static Operation.Put putOf(Bytes key, String value) {
        return Operation.Put.of(key, Bytes.utf8(value));
    }

    static Operation.Range rangeOf(KeyRange keys) {
        return Operation.Range.of(keys);
    }

    static Operation.Range shaped(
            SortTarget target,
            SortOrder order,
            long limit,
            boolean keysOnly,
            boolean countOnly,
            long least,
            long most) {
        return new Operation.Range(
                KeyRange.all(), 0, limit, target, order, keysOnly, countOnly, least, most, least, most);
    }

    Outcome.Range range(Operation.Range range) {
        return machine.range(Identity.NOBODY, range);
    }

    KeyValue get(Bytes key) {
        return Objects.requireNonNull(
                range(rangeOf(KeyRange.single(key))).keyValues().get(0));
    }

    List<String> at(long revision) {
        return texts(range(rangeOf(KeyRange.all()).atRevision(revision)));
    }

    static List<String> texts(Outcome.Range range) {
        List<String> texts = new ArrayList<>();
        range.keyValues()
                .forEach(each ->
                        texts.add(each.key().toUtf8() + "=" + each.value().toUtf8()));
        return texts;
    }
}
