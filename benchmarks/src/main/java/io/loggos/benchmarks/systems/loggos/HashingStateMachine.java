package io.loggos.benchmarks.systems.loggos;

import io.loggos.api.Bytes;
import io.loggos.api.replica.CheckpointWriter;
import io.loggos.api.replica.Command;
import io.loggos.api.replica.Consistency;
import io.loggos.api.replica.Replica;
import io.loggos.api.replica.StateMachine;
import io.loggos.benchmarks.systems.consensus.CommandHash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/** State machine that applies commands to a {@link CommandHash}. */
public final class HashingStateMachine implements StateMachine {
    private static final String FILE = "state";

    private CommandHash state = new CommandHash();

    @Override
    public Bytes apply(Command command) {
        Bytes payload = command.payload();
        state.apply(payload.backingArray(), payload.backingOffset(), payload.size());
        return Bytes.EMPTY;
    }

    @Override
    public CheckpointWriter checkpoint() {
        CommandHash.Value captured = state.value();
        return directory -> Files.write(
                directory.resolve(FILE),
                ByteBuffer.allocate(2 * Long.BYTES)
                        .putLong(captured.commands())
                        .putLong(captured.hash())
                        .array());
    }

    @Override
    public void restore(Path directory) throws IOException {
        ByteBuffer stored = ByteBuffer.wrap(Files.readAllBytes(directory.resolve(FILE)));
        state = new CommandHash(new CommandHash.Value(stored.getLong(), stored.getLong()));
    }

    /** Returns the state. For the thread that applies. */
    public CommandHash.Value state() {
        return state.value();
    }

    /** Returns the state after everything that the replica has answered. Any thread may call this; it waits. */
    public CommandHash.Value read(Replica replica) {
        return replica.read(Consistency.LOCAL, this::state).join().value();
    }
}
