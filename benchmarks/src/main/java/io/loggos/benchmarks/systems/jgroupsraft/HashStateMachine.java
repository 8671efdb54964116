package io.loggos.benchmarks.systems.jgroupsraft;

import io.loggos.benchmarks.systems.consensus.CommandHash;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.jgroups.raft.StateMachine;
import org.jspecify.annotations.Nullable;

/** State machine for jgroups-raft, which applies commands one by one on one thread. */
final class HashStateMachine implements StateMachine {
    private volatile CommandHash state = new CommandHash();

    @Override
    public byte @Nullable [] apply(byte[] data, int offset, int length, boolean serializeResponse) {
        CommandHash hash = state;
        hash.apply(data, offset, length);
        // The end of a batch is unknown here.
        hash.publish();
        return null;
    }

    @Override
    public void readContentFrom(DataInput in) throws IOException {
        state = new CommandHash(new CommandHash.Value(in.readLong(), in.readLong()));
    }

    @Override
    public void writeContentTo(DataOutput out) throws IOException {
        CommandHash.Value value = state.value();
        out.writeLong(value.commands());
        out.writeLong(value.hash());
    }

    /** Returns the state that this replica has applied. */
    CommandHash.Value state() {
        return state.published();
    }
}
