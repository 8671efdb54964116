package io.loggos.storage.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.loggos.api.Bytes;
import io.loggos.api.Slot;
import io.loggos.api.UnavailableException;
import io.loggos.api.kv.Operation;
import io.loggos.api.kv.keys.KeyRange;
import io.loggos.api.replica.ReadResult;
import io.loggos.storage.kv.rows.MemoryOrderedStore;
import io.loggos.storage.kv.rows.RowsSnapshot.SnapshotEndedException;
import io.loggos.storage.kv.versions.VersionsSnapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SnapshotReadsTest {
    private static final Bytes KEY = Bytes.utf8("key");
    private static final Operation.Range ALL = Operation.Range.of(KeyRange.all());

    private final KeyValueStateMachine machine = new KeyValueStateMachine(new MemoryOrderedStore());
    private final SnapshotReads reads = new SnapshotReads("test");
    private final List<VersionsSnapshot> taken = new ArrayList<>();

    @AfterEach
    void close() {
        reads.close();
        machine.close();
    }

    @Test
    void theSnapshotOfAReadIsClosedAtItsEnd() throws Exception {
        assertEquals(
                0,
                reads.read(
                                query -> CompletableFuture.completedFuture(
                                        new ReadResult<>(Slot.of(1), Duration.ZERO, query.get())),
                                this::capture,
                                reading -> reading.run(ALL))
                        .get()
                        .value()
                        .count());
        reads.close();
        assertClosed();
    }

    /** A snapshot that nobody closes keeps the rows of its moment on disk for as long as the store is open. */
    @Test
    void theSnapshotOfAReadThatFailedAfterItIsClosed() {
        assertFails(query -> {
            VersionsSnapshot unused = query.get();
            return CompletableFuture.failedFuture(new UnavailableException("too late"));
        });
        assertClosed();
    }

    @Test
    void theSnapshotOfAReadThatFailedBeforeItIsClosed() {
        List<Supplier<VersionsSnapshot>> queries = new ArrayList<>();
        assertFails(query -> {
            queries.add(query);
            return CompletableFuture.failedFuture(new UnavailableException("too late"));
        });
        VersionsSnapshot unused = queries.get(0).get();
        assertClosed();
    }

    private void assertFails(
            Function<Supplier<VersionsSnapshot>, CompletableFuture<ReadResult<VersionsSnapshot>>> ask) {
        CompletableFuture<?> answer = reads.read(ask, this::capture, reading -> reading.run(ALL));
        assertInstanceOf(
                UnavailableException.class,
                assertThrows(ExecutionException.class, answer::get).getCause());
    }

    private VersionsSnapshot capture() {
        VersionsSnapshot snapshot = machine.snapshot();
        taken.add(snapshot);
        return snapshot;
    }

    private void assertClosed() {
        assertEquals(1, taken.size());
        assertThrows(SnapshotEndedException.class, () -> taken.get(0).current(KEY));
    }
}
