package io.loggos.testkit;

import io.loggos.api.Bytes;
import io.loggos.api.replica.CheckpointWriter;
import io.loggos.api.replica.Command;
import io.loggos.api.replica.StateMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A text to which each command adds. The answer is the text so far. */
public class TextMachine implements StateMachine {
    public String text = "";

    @Override
    public Bytes apply(Command command) {
        text += command.payload().toUtf8();
        return Bytes.utf8(text);
    }

    @Override
    public CheckpointWriter checkpoint() {
        String captured = text;
        return directory -> Files.writeString(directory.resolve("text"), captured);
    }

    @Override
    public void restore(Path directory) throws IOException {
        text = Files.readString(directory.resolve("text"));
    }
}
