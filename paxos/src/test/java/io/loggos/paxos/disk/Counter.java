package io.loggos.paxos.disk;

import io.loggos.api.Bytes;
import io.loggos.api.replica.CheckpointWriter;
import io.loggos.api.replica.Command;
import io.loggos.api.replica.StateMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Answers each command with the number of commands so far. */
final class Counter implements StateMachine {
    private long count;

    @Override
    public Bytes apply(Command command) {
        return Bytes.utf8(Long.toString(++count));
    }

    @Override
    public CheckpointWriter checkpoint() {
        String text = Long.toString(count);
        return directory -> Files.writeString(directory.resolve("count"), text);
    }

    @Override
    public void restore(Path directory) throws IOException {
        count = Long.parseLong(Files.readString(directory.resolve("count")));
    }
}
