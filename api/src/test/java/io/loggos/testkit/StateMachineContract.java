package io.loggos.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.loggos.api.Bytes;
import io.loggos.api.Slot;
import io.loggos.api.replica.CheckpointWriter;
import io.loggos.api.replica.Command;
import io.loggos.api.replica.StateMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Contract suite of a state machine. A test class extends it and says how a machine is made and what clients may propose.
 * Commands are drawn from seeds; a failure names the seed and the command.
 */
public abstract class StateMachineContract {
    private static final int SEEDS = 50;
    private static final int COMMANDS = 60;

    @TempDir
    Path directory;

    /** Makes a machine in its initial state. */
    protected abstract StateMachine create();

    /** Draws a command. */
    protected abstract Bytes command(SplittableRandom random);

    @Test
    void machinesThatApplyTheSameCommandsGiveTheSameAnswers() {
        for (long seed = 0; seed < SEEDS; seed++) {
            List<Command> commands = commands(seed);
            sameAnswers("seed " + seed, create(), create(), commands);
        }
    }

    /** A checkpoint holds the state at its capture, and a restore replaces the whole state. */
    @Test
    void aRestoredMachineGoesOnWhereTheCheckpointWasCaptured() throws IOException {
        for (long seed = 0; seed < SEEDS; seed++) {
            List<Command> commands = commands(seed);
            int captured = new SplittableRandom(seed).nextInt(COMMANDS);
            StateMachine original = create();
            commands.subList(0, captured).forEach(original::apply);
            CheckpointWriter writer = original.checkpoint();
            commands.subList(captured, COMMANDS).forEach(original::apply);
            Path files = Files.createDirectory(directory.resolve("checkpoint " + seed));
            writer.writeTo(files);

            StateMachine restored = create();
            commands(-1 - seed).forEach(restored::apply);
            restored.restore(files);

            StateMachine replayed = create();
            commands.subList(0, captured).forEach(replayed::apply);
            String where = "seed " + seed + ", checkpoint after " + captured + " commands";
            sameAnswers(where, replayed, restored, commands.subList(captured, COMMANDS));
        }
    }

    private static void sameAnswers(String where, StateMachine one, StateMachine other, List<Command> commands) {
        for (Command command : commands) {
            assertEquals(one.apply(command), other.apply(command), () -> where + ", " + command);
            assertEquals(one.stateDigest(), other.stateDigest(), () -> where + ", digest behind " + command);
        }
    }

    private List<Command> commands(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Instant logTime = Instant.ofEpochMilli(VirtualTime.WALL_ORIGIN_MILLIS);
        List<Command> commands = new ArrayList<>();
        for (int slot = 1; slot <= COMMANDS; slot++) {
            logTime = logTime.plusMillis(random.nextLong(1_000));
            commands.add(new Command(Slot.of(slot), logTime, command(random)));
        }
        return commands;
    }
}
