package io.loggos.testkit;

import io.loggos.api.Bytes;
import io.loggos.api.replica.CheckpointWriter;
import io.loggos.api.replica.Command;
import io.loggos.api.replica.StateMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Keeps its last command, and answers each with itself. */
public class LastCommand implements StateMachine {
    public volatile Bytes last = Bytes.EMPTY;

    @Override
    public Bytes apply(Command command) {
        last = command.payload();
        return last;
    }

    @Override
    public CheckpointWriter checkpoint() {
        byte[] captured = last.toByteArray();
        return directory -> Files.write(directory.resolve("last"), captured);
    }

    @Override
    public void restore(Path directory) throws IOException {
        last = Bytes.wrap(Files.readAllBytes(directory.resolve("last")));
    }
}
