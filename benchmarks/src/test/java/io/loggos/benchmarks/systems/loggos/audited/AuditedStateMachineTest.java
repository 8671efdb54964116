package io.loggos.benchmarks.systems.loggos.audited;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.loggos.api.Bytes;
import io.loggos.api.Slot;
import io.loggos.api.replica.Command;
import io.loggos.benchmarks.harness.trial.GapTracker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.BitSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditedStateMachineTest {
    private static final byte[] FILLER = AuditedCommand.filler(32, 1);

    private final GapTracker gaps = new GapTracker(System.nanoTime());
    private final AuditedStateMachine machine = new AuditedStateMachine(gaps);

    @Test
    void knowsWhatIsMissing() {
        apply(1, machine, 5, 0, 1, 3);
        assertEquals(0, machine.missing(acknowledged(5, 2)));
        assertEquals(1, machine.missing(acknowledged(5, 4)));
        assertEquals(2, machine.missing(acknowledged(6, 2)));
        assertEquals(0, machine.missing(acknowledged(5, 4, 2)));
    }

    @Test
    void noticesWhatItAppliesTwice() {
        apply(1, machine, 5, 0, 1, 0);
        assertEquals(3, machine.state().commands());
        assertEquals(1, machine.state().repeated());
    }

    @Test
    void commandsWithoutANumberCountToo() {
        machine.apply(new Command(Slot.of(1), Instant.EPOCH, Bytes.EMPTY));
        assertEquals(1, machine.state().commands());
        assertEquals(1, gaps.take(System.nanoTime()).events());
    }

    @Test
    void anotherOrderIsAnotherState() {
        AuditedStateMachine other = new AuditedStateMachine(gaps);
        apply(1, machine, 5, 0, 1);
        apply(1, other, 5, 1, 0);
        assertNotEquals(machine.state(), other.state());
    }

    @Test
    void aCheckpointHoldsAllOfIt(@TempDir Path directory) throws IOException {
        apply(1, machine, 5, 0, 1, 70);
        apply(2, machine, 9, 0, 0);
        var writer = machine.checkpoint();
        AuditedStateMachine.State then = machine.state();
        apply(3, machine, 9, 1);
        writer.writeTo(directory);

        AuditedStateMachine restored = new AuditedStateMachine(gaps);
        apply(1, restored, 11, 0);
        restored.restore(directory);
        assertEquals(then, restored.state());
        assertEquals(1, restored.missing(acknowledged(9, 2)));
        assertEquals(1, restored.missing(acknowledged(11, 1)));
        apply(3, restored, 9, 1);
        assertEquals(machine.state(), restored.state());
    }

    private static void apply(long slot, AuditedStateMachine machine, long origin, int... sequences) {
        for (int sequence : sequences) {
            machine.apply(new Command(Slot.of(slot), Instant.EPOCH, AuditedCommand.of(origin, sequence, FILLER)));
        }
    }

    private static Acknowledged acknowledged(long origin, int proposed, int... not) {
        BitSet exceptions = new BitSet();
        for (int each : not) {
            exceptions.set(each);
        }
        return new Acknowledged(origin, proposed, exceptions);
    }
}
