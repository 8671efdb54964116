package io.loggos.storage.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Bytes;
import io.loggos.api.Slot;
import io.loggos.api.kv.KeyValueException;
import io.loggos.api.kv.Operation;
import io.loggos.api.kv.Outcome;
import io.loggos.api.kv.access.Identity;
import io.loggos.api.replica.CheckpointWriter;
import io.loggos.api.replica.Command;
import io.loggos.storage.kv.operation.KeyValueCodec;
import io.loggos.storage.kv.rows.MemoryOrderedStore;
import io.loggos.storage.kv.rows.OrderedStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Compares the key-value state machine on some store with the model of etcd, and with the same machine on a store in
 * memory. Extend it for each store. A failure names its seed; {@code -Dkv.seed=} runs that seed alone.
 */
public abstract class StateMachineModelSuite {
    @TempDir
    Path directory;

    private KeyValueStateMachine machine;
    private int checkpoints;

    /** Returns a new, empty store. */
    protected abstract OrderedStore open(Path at);

    /** Returns the number of commands in a run. */
    protected abstract int commands();

    @AfterEach
    void close() {
        if (machine != null) {
            machine.close();
        }
    }

    @Test
    void answersAsTheModelDoes() throws IOException {
        for (long seed = firstSeed(); seed < firstSeed() + runs(); seed++) {
            compare(seed, 2, 0);
        }
    }

    @Test
    void answersAsTheModelDoesOnOneKeyWithManyVersions() throws IOException {
        compare(firstSeed(), 1, 0);
    }

    @Test
    void answersAsTheModelDoesThroughCheckpointsAtRandomSlots() throws IOException {
        for (long seed = firstSeed(); seed < firstSeed() + runs(); seed++) {
            compare(seed, 3, 50);
        }
    }

    /** A run with a checkpoint at every slot gives equal digests (RULES.md D-2). */
    @Test
    void aCheckpointAtEverySlotChangesNothing() throws IOException {
        compare(firstSeed(), 2, 1);
    }

    private static long firstSeed() {
        return Long.getLong("kv.seed", 1);
    }

    private static int runs() {
        return Long.getLong("kv.seed") == null ? 4 : 1;
    }

    private void compare(long seed, int keyBytes, int meanSlotsBetweenCheckpoints) throws IOException {
        String where = "kv.seed=" + seed + " keyBytes=" + keyBytes + " ";
        Random random = new Random(seed);
        RandomOperations operations = new RandomOperations(random, keyBytes);
        EtcdModel model = new EtcdModel();
        if (machine != null) {
            machine.close();
        }
        machine = new KeyValueStateMachine(open(directory.resolve(where)));
        try (KeyValueStateMachine memory = new KeyValueStateMachine(new MemoryOrderedStore())) {
            int commands = meanSlotsBetweenCheckpoints == 1 ? commands() / 8 : commands();
            for (int slot = 1; slot <= commands; slot++) {
                Operation operation = operations.next(model.revision());
                String at = where + "slot=" + slot + " " + operation;
                Command command = new Command(Slot.of(slot), Instant.EPOCH, KeyValueCodec.encode(operation));
                Bytes answer = machine.apply(command);
                assertEquals(memory.apply(command), answer, at);
                assertEquals(expected(model, operation), actual(answer), at);
                assertEquals(model.revision(), machine.revision(), at);
                assertEquals(model.compacted(), machine.compactedRevision(), at);
                assertEquals(memory.stateDigest(), machine.stateDigest(), at);
                if (meanSlotsBetweenCheckpoints > 0 && random.nextInt(meanSlotsBetweenCheckpoints) == 0) {
                    assertEquals(memory.digest(), machine.digest(), at);
                    checkpointAndRestore();
                    assertEquals(memory.digest(), machine.digest(), at);
                }
                if (slot % 64 == 0) {
                    Operation.Range read = operations.range(model.revision());
                    assertEquals(expected(model, read), read(read), where + "slot=" + slot + " " + read);
                }
            }
            assertEquals(memory.digest(), machine.digest(), where);
            assertTrue(machine.revision() > commands / 4, where + "too few commands changed anything");
        }
    }

    private void checkpointAndRestore() throws IOException {
        CheckpointWriter writer = machine.checkpoint();
        Path target = Files.createDirectory(directory.resolve("checkpoint-" + checkpoints++));
        writer.writeTo(target);
        machine.restore(target);
    }

    private Object read(Operation.Range range) {
        try {
            return machine.range(Identity.NOBODY, range);
        } catch (KeyValueException e) {
            return e.reason();
        }
    }

    private static Object expected(EtcdModel model, Operation operation) {
        try {
            return model.run(operation);
        } catch (KeyValueException e) {
            return e.reason();
        }
    }

    private static Object actual(Bytes answer) {
        try {
            Outcome outcome = KeyValueCodec.decodeAnswer(answer);
            assertEquals(answer, KeyValueCodec.encode(outcome));
            return outcome;
        } catch (KeyValueException e) {
            return e.reason();
        }
    }
}
