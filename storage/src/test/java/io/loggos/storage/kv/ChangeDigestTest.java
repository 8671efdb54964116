package io.loggos.storage.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.loggos.api.Bytes;
import io.loggos.api.Slot;
import io.loggos.api.kv.Operation;
import io.loggos.api.kv.keys.KeyRange;
import io.loggos.api.replica.Command;
import io.loggos.storage.kv.operation.KeyValueCodec;
import io.loggos.storage.kv.rows.MemoryOrderedStore;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The digest shows every difference in the changes, also one that no answer shows. */
class ChangeDigestTest {
    private static final Operation COMPACT = new Operation.Compact(2);

    private static Operation put(String key, String value) {
        return Operation.Put.of(Bytes.utf8(key), Bytes.utf8(value));
    }

    private static Operation delete(String key) {
        return new Operation.Delete(KeyRange.single(Bytes.utf8(key)), false);
    }

    private static long digest(List<Operation> operations) {
        try (KeyValueStateMachine machine = new KeyValueStateMachine(new MemoryOrderedStore())) {
            for (int i = 0; i < operations.size(); i++) {
                Bytes command = KeyValueCodec.encode(operations.get(i));
                machine.apply(new Command(Slot.of(i + 1), Instant.EPOCH, command));
            }
            return machine.stateDigest().orElseThrow();
        }
    }

    @Test
    void sameChangesHaveTheSameDigest() {
        List<Operation> changes = List.of(put("a", "1"), put("b", "2"), delete("a"), COMPACT);
        assertEquals(digest(changes), digest(changes));
    }

    @Test
    void anotherValueKeyOrderOrCompactionHasAnotherDigest() {
        long digest = digest(List.of(put("a", "1"), put("b", "2"), put("b", "3")));
        assertNotEquals(digest, digest(List.of(put("a", "0"), put("b", "2"), put("b", "3"))));
        assertNotEquals(digest, digest(List.of(put("a", "1"), put("b", "0"), put("b", "3"))));
        assertNotEquals(digest, digest(List.of(put("a", "1"), put("c", "2"), put("b", "3"))));
        assertNotEquals(digest, digest(List.of(put("b", "2"), put("a", "1"), put("b", "3"))));
        assertNotEquals(digest, digest(List.of(put("a", "1"), put("b", "2"))));
        assertNotEquals(digest, digest(List.of(put("a", "1"), put("b", "2"), put("b", "3"), COMPACT)));
        assertNotEquals(
                digest(List.of(put("a", "1"), put("b", "2"), delete("a"))),
                digest(List.of(put("a", "1"), put("b", "2"), delete("b"))));
    }

    /** An operation that changes nothing, such as one that is refused, leaves the digest. */
    @Test
    void operationWithoutAChangeLeavesTheDigest() {
        List<Operation> changes = List.of(put("a", "1"), put("b", "2"));
        assertEquals(digest(changes), digest(List.of(put("a", "1"), put("b", "2"), delete("c"))));
    }
}
