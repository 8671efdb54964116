package io.loggos.paxos.runtime.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import io.loggos.api.Ballot;
import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.OutcomeUnknownException;
import io.loggos.api.Slot;
import io.loggos.api.StorageException;
import io.loggos.api.node.NodeEvent;
import io.loggos.api.replica.ReplicaOptions;
import io.loggos.api.spi.CheckpointManifest;
import io.loggos.api.spi.Meters;
import io.loggos.paxos.core.model.Batch;
import io.loggos.paxos.core.model.CommandCaller;
import io.loggos.paxos.core.model.Submission;
import io.loggos.paxos.runtime.agent.BackgroundWorker;
import io.loggos.paxos.runtime.agent.OwnTasks;
import io.loggos.storage.checkpoint.DirectoryCheckpointStore;
import io.loggos.testkit.TextMachine;
import io.loggos.testkit.VirtualTime;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Checkpoints that cannot be restored, and checkpoints that come while the state machine is slow (F-15, O-5, O-7). */
class StateMachineHostTest {
    private static final ReplicaOptions OPTIONS =
            ReplicaOptions.builder().checkpointEvery(5, 1 << 20).build();

    private final FileSystem files = Jimfs.newFileSystem(Configuration.unix());
    private final Text machine = new Text();
    private final BackgroundWorker writer = new BackgroundWorker("checkpoint", () -> {});
    private final NoLoop loop = new NoLoop();
    private DirectoryCheckpointStore store;
    private LocalReplica replica;
    private StateMachineHost host;

    /** Text to which each command adds; a checkpoint with an exclamation mark cannot be restored. */
    private static final class Text extends TextMachine {
        private @Nullable RuntimeException broken;

        @Override
        public void restore(Path directory) throws IOException {
            String read = Files.readString(directory.resolve("text"));
            if (read.endsWith("!")) {
                if (broken != null) {
                    throw broken;
                }
                throw new IOException("not a text: " + read);
            }
            super.restore(directory);
        }
    }

    /** A loop in which nothing happens. */
    private static final class NoLoop implements ReplicaLoop {
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

        private final List<Long> kept = new ArrayList<>();

        @Override
        public void ask(PendingRequest<?> request) {}

        @Override
        public void propose(PendingCommand command, long now) {}

        @Override
        public void read(PendingRead<?> read, long now) {}

        @Override
        public void transfer(PendingTransfer transfer, long now) {}

        @Override
        public void readHere(PendingRead<?> read) {}

        @Override
        public void onCheckpoint(LocalReplica replica, long slot, long keptSlot) {
            kept.add(keptSlot);
        }

        @Override
        public void retire(LocalReplica replica) {}

        @Override
        public void close(LocalReplica replica, Runnable whenDone) {}

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

    private static final class Caller implements CommandCaller {
        private @Nullable RuntimeException failure;

        @Override
        public void complete(Slot slot, Bytes answer, long nowNanos) {
            throw new AssertionError("answered at " + slot);
        }

        @Override
        public void fail(RuntimeException cause) {
            failure = cause;
        }
    }

    @BeforeEach
    void open() {
        VirtualTime time = new VirtualTime();
        store = new DirectoryCheckpointStore(files.getPath("/checkpoints"));
        replica = new LocalReplica(NodeId.of(1), "text", OPTIONS, loop, time, Meters.NONE, (CountDownLatch done) -> {});
        host = new StateMachineHost(replica, machine, store, new OwnTasks(writer), time);
    }

    @AfterEach
    void close() throws IOException {
        files.close();
    }

    private static Batch batch(String payload) {
        Submission command = new Submission(9, payload.hashCode(), Bytes.utf8(payload), null, 0);
        return Batch.of(1_000, List.of(command), command.payload.size());
    }

    /** Applies slots whose commands are their numbers. */
    private void apply(long from, long through) {
        for (long slot = from; slot <= through; slot++) {
            host.apply(slot, batch(Long.toString(slot)), null);
        }
    }

    /** Writes a checkpoint as a peer would have, with the state of a replica of this version. */
    private CheckpointManifest install(long slot, String text) throws IOException {
        return store.write(
                replica.log(), slot, stateOfAReplica(), into -> Files.writeString(into.resolve("text"), text));
    }

    private Bytes stateOfAReplica() throws IOException {
        DirectoryCheckpointStore other = new DirectoryCheckpointStore(files.getPath("/other"));
        if (other.kept(replica.log()).isEmpty()) {
            BackgroundWorker peers = new BackgroundWorker("checkpoint", () -> {});
            StateMachineHost peer =
                    new StateMachineHost(replica, new Text(), other, new OwnTasks(peers), new VirtualTime());
            for (long slot = 1; slot <= 5; slot++) {
                peer.apply(slot, batch("p" + slot), null);
            }
            peers.doWork();
        }
        return other.kept(replica.log()).get(0).replicaState();
    }

    /** Bytes that rotted before they were hashed have a valid hash, and cannot be restored. */
    @Test
    void checkpointThatCannotBeRestoredFallsBackToTheOneBeforeWhateverItsHashSays() throws IOException {
        install(10, "ten");
        install(20, "twenty!");
        assertEquals(10, host.recover());
        assertEquals("ten", machine.text);
        assertEquals(
                List.of(10L),
                store.kept(replica.log()).stream().map(CheckpointManifest::slot).toList());
    }

    /** The log, or a checkpoint of a peer, has all of the state then. */
    @Test
    void withoutAUsableCheckpointTheReplicaBeginsAtTheFirstSlot() throws IOException {
        install(10, "ten!");
        install(20, "twenty!");
        assertEquals(0, host.recover());
        apply(1, 3);
        assertEquals("123", machine.text);
        install(15, "fifteen");
        assertEquals(15, host.restore());
        assertEquals("fifteen", machine.text);
    }

    @Test
    void stateThatIsUnknownIsNotUsedAndTheCauseIsNamed() throws IOException {
        install(10, "ten!");
        machine.broken = new IllegalStateException("half of it is in memory");
        StorageException refused = assertThrows(StorageException.class, host::recover);
        assertSame(machine.broken, refused.getCause());
        assertTrue(String.valueOf(refused.getMessage()).contains("half of it is in memory"), refused.getMessage());
    }

    @Test
    void olderCheckpointReplacesAStateThatIsUnknown() throws IOException {
        install(10, "ten");
        install(20, "twenty!");
        machine.broken = new IllegalStateException("half of it is in memory");
        assertEquals(10, host.recover());
        assertEquals("ten", machine.text);
    }

    /** RULES.md O-7: two checkpoints came before the state machine had restored the first. */
    @Test
    void newestOfTwoCheckpointsIsRestoredAndTheOlderIsPassedOver() throws IOException {
        apply(1, 3);
        install(30, "thirty");
        install(40, "forty");
        assertEquals(40, host.restore());
        assertEquals("forty", machine.text);
        assertEquals(40, host.restore());
        assertEquals("forty", machine.text);
        assertFalse(replica.isHalted());
        apply(41, 42);
        assertEquals("forty4142", machine.text);
    }

    @Test
    void checkpointThatCannotBeRestoredLeavesAnOpenReplicaAsItWas() throws IOException {
        apply(1, 3);
        install(30, "thirty!");
        assertEquals(-1, host.restore());
        assertFalse(replica.isHalted());
        assertEquals(List.of(), store.kept(replica.log()));
        apply(4, 4);
        assertEquals("1234", machine.text);
    }

    @Test
    void stateMachineThatBreaksWhileItRestoresHaltsAndNamesTheCause() throws IOException {
        apply(1, 3);
        install(30, "thirty!");
        machine.broken = new IllegalStateException("half of it is in memory");
        assertEquals(-1, host.restore());
        assertTrue(replica.isHalted());
        assertTrue(String.valueOf(replica.status().halted()).contains("half of it is in memory"));
        assertEquals(List.of(), store.kept(replica.log()));
    }

    /** A checkpoint that is being sent is not superseded, until the peer has it or has given up. */
    @Test
    void noCheckpointIsTakenWhileOneIsSent() {
        apply(1, 5);
        writer.doWork();
        host.holdCheckpointsUntil(1_000);
        apply(6, 15);
        writer.doWork();
        assertEquals(List.of(5L), keptSlots());

        host.holdCheckpointsUntil(Long.MIN_VALUE);
        apply(16, 16);
        writer.doWork();
        assertEquals(List.of(16L, 5L), keptSlots());
    }

    private List<Long> keptSlots() {
        return store.kept(replica.log()).stream().map(CheckpointManifest::slot).toList();
    }

    /** A fetch may end after its replica was closed. The state machine may be closed then, or in use elsewhere. */
    @Test
    void closedReplicaIsNotRestored() throws IOException {
        apply(1, 3);
        install(30, "thirty");
        replica.markClosed();
        assertEquals(-1, host.restore());
        assertEquals("123", machine.text);
        assertEquals(1, store.kept(replica.log()).size());
    }

    /** The loop hands over slots until it hears of the checkpoint. The state has them already. */
    @Test
    void slotsThatTheCheckpointContainsAreNotAppliedAgain() throws IOException {
        apply(1, 3);
        install(5, "12345");
        host.restore();
        Caller caller = new Caller();
        host.apply(4, batch("4"), new CommandCaller[] {caller});
        assertTrue(caller.failure instanceof OutcomeUnknownException, String.valueOf(caller.failure));
        apply(5, 6);
        assertEquals("123456", machine.text);
    }

    /** A checkpoint of its own that a fetched one has overtaken is not written, and its capture is released. */
    @Test
    void ownCheckpointThatIsOvertakenIsDropped() throws IOException {
        apply(1, 5);
        install(8, "eight");
        loop.kept.clear();
        writer.doWork();
        assertEquals(
                List.of(8L),
                store.kept(replica.log()).stream().map(CheckpointManifest::slot).toList());
        assertEquals(List.of(), loop.kept);
    }
}
