package io.loggos.paxos.runtime.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Ballot;
import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.OverloadedException;
import io.loggos.api.RequestId;
import io.loggos.api.Slot;
import io.loggos.api.UnavailableException;
import io.loggos.api.node.NodeEvent;
import io.loggos.api.replica.Consistency;
import io.loggos.api.replica.ReplicaOptions;
import io.loggos.api.spi.Meters;
import io.loggos.paxos.core.session.RequestTable;
import io.loggos.testkit.VirtualTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The bound on what callers have asked of a replica that does not answer. */
class PendingRoomTest {
    private static final int ROOM = 1_000;
    /** One request more than the limit has room for: the memory of a request itself is not counted once. */
    private static final int MOST_EMPTY = ROOM / PendingRoom.REQUEST_BYTES + 1;

    private final List<PendingRequest<?>> asked = new ArrayList<>();
    private final LocalReplica replica = new LocalReplica(
            NodeId.of(1),
            "log",
            ReplicaOptions.builder().maxCommandBytes(ROOM).maxPendingBytes(ROOM).build(),
            new Loop(),
            new VirtualTime(),
            Meters.NONE,
            done -> {});

    /** Takes the requests, and answers none. */
    private final class Loop implements ReplicaLoop {
        @Override
        public boolean appliesHere() {
            return false;
        }

        @Override
        public @Nullable Executor answers() {
            return null;
        }

        @Override
        public void answer(Runnable completion) {
            completion.run();
        }

        @Override
        public void ask(PendingRequest<?> request) {
            asked.add(request);
        }

        @Override
        public void readHere(PendingRead<?> read) {
            asked.add(read);
        }

        @Override
        public void propose(PendingCommand command, long now) {}

        @Override
        public void read(PendingRead<?> read, long now) {}

        @Override
        public void transfer(PendingTransfer transfer, long now) {}

        @Override
        public void onCheckpoint(LocalReplica replica, long slot, long keptSlot) {}

        @Override
        public void retire(LocalReplica replica) {}

        @Override
        public void close(LocalReplica closed, Runnable whenDone) {}

        @Override
        public void tell(NodeEvent event) {}

        @Override
        public String reach() {
            return "nobody";
        }

        @Override
        public long lastContactNanos(Ballot leader) {
            return 0;
        }
    }

    @Test
    void emptyCommandsAreNotFree() {
        assertTaken(MOST_EMPTY, () -> replica.propose(Bytes.EMPTY));
    }

    @ParameterizedTest
    @EnumSource(Consistency.class)
    void readsAreNotFree(Consistency consistency) {
        assertTaken(MOST_EMPTY, () -> replica.read(consistency, () -> 1));
    }

    /** The largest command fits whenever nothing else is pending, and is alone. */
    @Test
    void largestCommandFitsAlone() {
        assertTaken(1, () -> replica.propose(Bytes.wrap(new byte[ROOM])));
        assertThrows(CompletionException.class, replica.read(Consistency.LOCAL, () -> 1)::join);
    }

    /** Every end of a request gives its room back, once. */
    @Test
    void endedRequestsGiveTheirRoomBack() {
        for (int round = 0; round < 50; round++) {
            CompletableFuture<?> command = replica.propose(Bytes.utf8("x"));
            CompletableFuture<?> failing = replica.propose(Bytes.utf8("y"));
            CompletableFuture<?> read = replica.read(Consistency.LINEARIZABLE, () -> 1);
            ((PendingCommand) command).complete(Slot.of(1), Bytes.EMPTY, 1);
            ((PendingCommand) failing).fail(new UnavailableException("no leader"));
            ((PendingRead<?>) read).run(1, new RequestTable());
            ((PendingRead<?>) replica.read(Consistency.LOCAL, () -> 1)).fail(new UnavailableException("no leader"));
            assertEquals(0, replica.status().pendingBytes());
        }
    }

    private void assertTaken(int count, Supplier<CompletableFuture<?>> call) {
        for (int i = 0; i < count; i++) {
            assertFalse(call.get().isDone());
        }
        assertEquals(count, asked.size());
        for (int i = 0; i < 10_000; i++) {
            CompletableFuture<?> refused = call.get();
            CompletionException failure = assertThrows(CompletionException.class, refused::join);
            assertTrue(failure.getCause() instanceof OverloadedException, failure::toString);
        }
        assertEquals(count, asked.size());
    }

    /** The id of a command takes no part of the room for payloads. */
    @Test
    void largestCommandFitsWithAnId() {
        Bytes largest = Bytes.wrap(new byte[ROOM]);
        assertFalse(replica.propose(largest, RequestId.after(Slot.of(1))).isDone());
        asked.get(0).dropped();
        assertEquals(0, replica.status().pendingBytes());
        assertFalse(replica.propose(largest).isDone());
    }
}
