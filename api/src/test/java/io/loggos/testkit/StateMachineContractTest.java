package io.loggos.testkit;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.loggos.api.Bytes;
import io.loggos.api.replica.CheckpointWriter;
import io.loggos.api.replica.Command;
import io.loggos.api.replica.StateMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sound state machine passes the contract, and broken ones do not. */
class StateMachineContractTest extends StateMachineContract {
    /** Set of words; a command adds one and is answered with all of them. */
    private static class Words implements StateMachine {
        final TreeSet<String> words = new TreeSet<>();

        @Override
        public Bytes apply(Command command) {
            words.add(command.payload().toUtf8());
            return Bytes.utf8(String.join(" ", words));
        }

        @Override
        public CheckpointWriter checkpoint() {
            String captured = String.join("\n", words);
            return directory -> Files.writeString(directory.resolve("words"), captured);
        }

        @Override
        public void restore(Path directory) throws IOException {
            words.clear();
            words.addAll(Files.readAllLines(directory.resolve("words")));
        }
    }

    private static final class AnswersByInstance extends Words {
        private static int instances;
        private final int instance = ++instances;

        @Override
        public Bytes apply(Command command) {
            super.apply(command);
            return Bytes.utf8("instance " + instance);
        }
    }

    private static final class WritesLater extends Words {
        @Override
        public CheckpointWriter checkpoint() {
            return directory -> super.checkpoint().writeTo(directory);
        }
    }

    private static final class RestoresOnTop extends Words {
        @Override
        public void restore(Path directory) throws IOException {
            words.addAll(Files.readAllLines(directory.resolve("words")));
        }
    }

    @Override
    protected StateMachine create() {
        return new Words();
    }

    @Override
    protected Bytes command(SplittableRandom random) {
        return Bytes.utf8("w" + random.nextInt(100));
    }

    @Test
    void anAnswerThatDependsOnTheInstanceIsFound() {
        StateMachineContract broken = contractOf(AnswersByInstance::new);
        assertThrows(AssertionError.class, broken::machinesThatApplyTheSameCommandsGiveTheSameAnswers);
    }

    @Test
    void aCheckpointThatIsCapturedWhenItIsWrittenIsFound(@TempDir Path directory) {
        StateMachineContract broken = contractOf(WritesLater::new);
        broken.directory = directory;
        assertThrows(AssertionError.class, broken::aRestoredMachineGoesOnWhereTheCheckpointWasCaptured);
    }

    @Test
    void aRestoreThatKeepsWhatWasThereIsFound(@TempDir Path directory) {
        StateMachineContract broken = contractOf(RestoresOnTop::new);
        broken.directory = directory;
        assertThrows(AssertionError.class, broken::aRestoredMachineGoesOnWhereTheCheckpointWasCaptured);
    }

    private StateMachineContract contractOf(Supplier<StateMachine> machines) {
        StateMachineContractTest words = this;
        return new StateMachineContract() {
            @Override
            protected StateMachine create() {
                return machines.get();
            }

            @Override
            protected Bytes command(SplittableRandom random) {
                return words.command(random);
            }
        };
    }
}
