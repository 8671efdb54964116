package io.loggos.paxos.runtime.replica;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Bytes;
import io.loggos.api.OutcomeUnknownException;
import io.loggos.api.StorageException;
import io.loggos.api.node.Node;
import io.loggos.api.node.TimingOptions;
import io.loggos.api.replica.ApplyFailurePolicy;
import io.loggos.api.replica.CheckpointWriter;
import io.loggos.api.replica.Command;
import io.loggos.api.replica.CommandFailedException;
import io.loggos.api.replica.Consistency;
import io.loggos.api.replica.Replica;
import io.loggos.api.replica.ReplicaHaltedException;
import io.loggos.api.replica.ReplicaOptions;
import io.loggos.api.replica.Role;
import io.loggos.api.replica.StateMachine;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** RULES.md B-7: the code of a state machine throws whatever there is, on a node with a second log that goes on. */
class StateMachineFaultsTest {
    private static final ReplicaOptions ANSWERS = ReplicaOptions.builder()
            .applyFailurePolicy(ApplyFailurePolicy.ANSWER)
            .build();
    private static final Bytes FAIL = Bytes.utf8("fail");
    private static final Bytes INTERRUPT = Bytes.utf8("interrupt");

    @TempDir
    private Path directory;

    private final Machine machine = new Machine();
    private Node node;
    private Replica other;

    /** Answers if it was called with an interrupt flag; throws {@code fault} on the command "fail". */
    private static final class Machine implements StateMachine {
        private volatile @Nullable Throwable fault;
        private volatile @Nullable Throwable captureFault;

        @Override
        public Bytes apply(Command command) {
            boolean interrupted = Thread.currentThread().isInterrupted();
            if (command.payload().equals(FAIL)) {
                raise(fault);
            }
            if (command.payload().equals(INTERRUPT)) {
                Thread.currentThread().interrupt();
            }
            return Bytes.utf8(Boolean.toString(interrupted));
        }

        @Override
        public CheckpointWriter checkpoint() {
            raise(captureFault);
            return directory -> {};
        }

        @Override
        public void restore(Path directory) {}
    }

    /** Throws anything, as the compiler allows in other languages. */
    private static void raise(@Nullable Throwable thrown) {
        if (thrown != null) {
            StateMachineFaultsTest.<RuntimeException>raiseAs(thrown);
        }
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void raiseAs(Throwable thrown) throws T {
        throw (T) thrown;
    }

    @BeforeEach
    void open() {
        node = Node.builder()
                .id(1)
                .listen("127.0.0.1:0")
                .timing(TimingOptions.ofElectionTimeout(Duration.ofMillis(200)))
                .dataDirectory(directory)
                .open();
        other = node.replicate("other", new Machine(), ReplicaOptions.defaults());
    }

    @AfterEach
    void close() {
        get(other.propose(Bytes.utf8("x")));
        assertTrue(other.status().role() != Role.HALTED);
        node.close();
    }

    private static <T> T get(CompletableFuture<T> future) {
        return future.orTimeout(20, TimeUnit.SECONDS).join();
    }

    private static Throwable failure(CompletableFuture<?> future) {
        Throwable cause = assertThrows(ExecutionException.class, () -> future.get(20, TimeUnit.SECONDS))
                .getCause();
        return cause == null ? new AssertionError("no cause") : cause;
    }

    /** Faults that no other replica sees. */
    static List<Throwable> faultsOfThisNode() {
        StorageException disk = new StorageException(StorageException.Kind.IO, "simulated");
        return List.of(
                disk,
                new StorageException(StorageException.Kind.STORAGE_FULL, "simulated"),
                new IllegalStateException("a wrapper", new ExecutionException(disk)),
                new FileSystemException("/state", null, "simulated"),
                new OutOfMemoryError("simulated"),
                new CompletionException(new OutOfMemoryError("simulated")),
                new NoClassDefFoundError("simulated"),
                new AssertionError("simulated"));
    }

    @ParameterizedTest
    @MethodSource("faultsOfThisNode")
    void faultOfThisNodeNeverBecomesAnAnswer(Throwable fault) {
        Replica replica = node.replicate("log", machine, ANSWERS);
        machine.fault = fault;
        OutcomeUnknownException unknown =
                assertInstanceOf(OutcomeUnknownException.class, failure(replica.propose(FAIL)));
        assertTrue(String.valueOf(unknown.getMessage()).contains(fault.toString()), unknown::getMessage);
        assertEquals(Role.HALTED, replica.status().role());
        ReplicaHaltedException halted =
                assertInstanceOf(ReplicaHaltedException.class, failure(replica.propose(Bytes.utf8("x"))));
        assertSame(fault, halted.getCause());
    }

    /** Faults that every replica sees. */
    static Stream<Throwable> faultsOfTheCommand() {
        return Stream.of(
                new IllegalArgumentException("poison"), new Exception("undeclared"), new NullPointerException());
    }

    @ParameterizedTest
    @MethodSource("faultsOfTheCommand")
    void faultOfTheCommandMayBeItsAnswer(Throwable fault) {
        Replica replica = node.replicate("log", machine, ANSWERS);
        machine.fault = fault;
        CommandFailedException answer = assertInstanceOf(CommandFailedException.class, failure(replica.propose(FAIL)));
        assertEquals(fault.toString(), answer.getMessage());
        assertEquals("false", get(replica.propose(Bytes.utf8("x"))).value().toUtf8());
    }

    @ParameterizedTest
    @MethodSource("faultsOfTheCommand")
    void faultOfTheCommandHaltsItsLogOnlyAndNamesTheSlot(Throwable fault) {
        Replica replica = node.replicate("log", machine, ReplicaOptions.defaults());
        machine.fault = fault;
        Throwable unknown = assertInstanceOf(OutcomeUnknownException.class, failure(replica.propose(FAIL)));
        assertTrue(String.valueOf(unknown.getMessage()).contains("at slot "), unknown::getMessage);
        assertTrue(String.valueOf(unknown.getMessage()).contains(fault.toString()), unknown::getMessage);
    }

    static Stream<Throwable> faultsOfAQuery() {
        return Stream.of(
                new IllegalArgumentException("poison"),
                new Exception("undeclared"),
                new AssertionError("simulated"),
                new NoClassDefFoundError("simulated"),
                new StackOverflowError("simulated"));
    }

    @ParameterizedTest
    @MethodSource("faultsOfAQuery")
    void faultOfAQueryHarmsTheQueryOnly(Throwable fault) {
        Replica replica = node.replicate("log", machine, ReplicaOptions.defaults());
        for (Consistency consistency : Consistency.values()) {
            assertSame(fault, failure(replica.read(consistency, () -> {
                raise(fault);
                return 1;
            })));
            assertEquals(1, get(replica.read(consistency, () -> 1)).value());
        }
        assertEquals("false", get(replica.propose(Bytes.utf8("x"))).value().toUtf8());
    }

    /** Memory that has failed once may have failed the state, too. */
    @Test
    void queryWithoutMemoryHaltsItsLogOnly() {
        Replica replica = node.replicate("log", machine, ReplicaOptions.defaults());
        Throwable fault = new OutOfMemoryError("simulated");
        assertSame(fault, failure(replica.read(Consistency.LINEARIZABLE, () -> {
            raise(fault);
            return 1;
        })));
        await().until(() -> replica.status().role() == Role.HALTED);
        assertTrue(String.valueOf(replica.status().halted()).contains(fault.toString()));
    }

    @Test
    void errorInACaptureHaltsItsLogOnly() {
        ReplicaOptions often = ReplicaOptions.builder().checkpointEvery(1, 1).build();
        machine.captureFault = new AssertionError("simulated");
        Replica replica = node.replicate("log", machine, often);
        get(replica.propose(Bytes.utf8("x")));
        await().until(() -> replica.status().role() == Role.HALTED);
        assertTrue(String.valueOf(replica.status().halted()).contains("cannot be captured at slot "));
    }

    /** The flag would end the next wait on the thread, and let an idle thread spin. */
    @Test
    void interruptFlagIsClearedBehindEachCommandAndQuery() {
        Replica replica = node.replicate("log", machine, ReplicaOptions.defaults());
        for (int i = 0; i < 3; i++) {
            List<CompletableFuture<String>> answers = Stream.of("interrupt", "x", "interrupt", "interrupt", "x")
                    .map(Bytes::utf8)
                    .map(replica::propose)
                    .map(answer -> answer.thenApply(result -> result.value().toUtf8()))
                    .toList();
            assertTrue(answers.stream().allMatch(answer -> get(answer).equals("false")));
            get(replica.read(Consistency.LINEARIZABLE, () -> {
                Thread.currentThread().interrupt();
                return 1;
            }));
            assertEquals(
                    false,
                    get(replica.read(
                                    Consistency.LOCAL,
                                    () -> Thread.currentThread().isInterrupted()))
                            .value());
        }
    }
}
