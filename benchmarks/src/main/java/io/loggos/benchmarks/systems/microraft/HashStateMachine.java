package io.loggos.benchmarks.systems.microraft;

import io.loggos.benchmarks.systems.consensus.CommandHash;
import io.microraft.statemachine.StateMachine;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** State machine for MicroRaft. All calls are on the thread of its node. */
final class HashStateMachine implements StateMachine {
    /** Log entry of a new leader, which is no command. */
    static final String NEW_LEADER = "new leader";
    /** Query for the state. */
    static final String STATE = "state";

    private CommandHash state = new CommandHash();

    @Override
    public @Nullable Object runOperation(long position, Object operation) {
        if (operation instanceof byte[] command) {
            state.apply(command, 0, command.length);
            return null;
        }
        return operation.equals(STATE) ? state.value() : null;
    }

    @Override
    public void takeSnapshot(long position, Consumer<Object> chunks) {
        chunks.accept(state.value());
    }

    @Override
    public void installSnapshot(long position, List<Object> chunks) {
        state = new CommandHash((CommandHash.Value) chunks.get(0));
    }

    @Override
    public Object getNewTermOperation() {
        return NEW_LEADER;
    }
}
