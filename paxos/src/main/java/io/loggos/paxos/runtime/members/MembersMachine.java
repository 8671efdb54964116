package io.loggos.paxos.runtime.members;

import io.loggos.api.Bytes;
import io.loggos.api.replica.CheckpointWriter;
import io.loggos.api.replica.Command;
import io.loggos.api.replica.StateMachine;
import io.loggos.paxos.core.model.Configuration;
import io.loggos.paxos.members.MembersCommand;
import io.loggos.paxos.members.MembersState;
import io.loggos.paxos.runtime.replica.state.ConfigurationObserver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/** The state machine of the log that decides the members. An answer is empty, or a reason for people. */
final class MembersMachine implements StateMachine, ConfigurationObserver {
    private static final String FILE = "members";

    private final Consumer<MembersState> changed;
    private MembersState state = new MembersState();

    /** Creates the machine of a life. The receiver gets a copy of the state after each change, on the machine's thread. */
    MembersMachine(Consumer<MembersState> changed) {
        this.changed = changed;
    }

    @Override
    public Bytes apply(Command command) {
        MembersCommand given = MembersCommand.of(command.payload());
        String refusal = null;
        if (given instanceof MembersCommand.Change change) {
            refusal = state.change(change);
        } else if (given instanceof MembersCommand.Report report) {
            state.report(report);
        }
        changed.accept(state.copy());
        return refusal == null ? Bytes.EMPTY : Bytes.utf8(refusal);
    }

    @Override
    public void configured(Configuration next) {
        state.configured(next);
        changed.accept(state.copy());
    }

    @Override
    public CheckpointWriter checkpoint() {
        Bytes bytes = state.toBytes();
        return directory -> Files.write(directory.resolve(FILE), bytes.toByteArray());
    }

    @Override
    public void restore(Path directory) throws IOException {
        state = MembersState.of(Bytes.wrap(Files.readAllBytes(directory.resolve(FILE))));
        changed.accept(state.copy());
    }
}
