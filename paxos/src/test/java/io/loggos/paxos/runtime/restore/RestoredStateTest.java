package io.loggos.paxos.runtime.restore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.StorageException;
import io.loggos.api.snapshot.cut.InFlight;
import io.loggos.internal.files.DurableFiles;
import io.loggos.multicast.runtime.node.Restored;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestoredStateTest {
    private static final Bytes STATE = Bytes.utf8("balance 7");
    private static final Restored.Messages MESSAGES = new Restored.Messages(
            new TreeSet<>(List.of(NodeId.of(1), NodeId.of(3))),
            List.of(
                    new InFlight<>(NodeId.of(3), NodeId.of(1), Bytes.utf8("one")),
                    new InFlight<>(NodeId.of(3), NodeId.of(1), Bytes.EMPTY),
                    new InFlight<>(NodeId.of(1), NodeId.of(1), Bytes.utf8("to itself"))));

    @TempDir
    Path directory;

    private static List<Bytes> given(RestoredState state, String participant) {
        List<Bytes> given = new ArrayList<>();
        state.participant(participant, given::add);
        return given;
    }

    @Test
    void everythingIsGivenOnceOverAllStarts() throws IOException {
        RestoredState state = RestoredState.in(directory);
        assertEquals(List.of(), given(state, "bank"));
        assertNull(state.messages("bank"));
        state.putParticipant("bank", STATE);
        state.putParticipant("", Bytes.EMPTY);
        state.putMessages("bank", MESSAGES);

        state = RestoredState.in(directory);
        assertEquals(List.of(), given(state, "other"));
        assertEquals(List.of(STATE), given(state, "bank"));
        assertEquals(List.of(), given(state, "bank"));

        state = RestoredState.in(directory);
        assertEquals(List.of(), given(state, "bank"));
        assertEquals(List.of(Bytes.EMPTY), given(state, ""));
        assertNull(state.messages("other"));
        assertEquals(MESSAGES, state.messages("bank"));
        assertEquals(MESSAGES, state.messages("bank"));
        state.forget("bank");
        assertNull(state.messages("bank"));
        assertEquals(List.of(), DurableFiles.list(directory.resolve("restored")));
    }

    /** A participant that throws has not taken over its state, which is there at the next start. */
    @Test
    void aStateThatIsNotTakenOverIsKept() throws IOException {
        RestoredState state = RestoredState.in(directory);
        state.putParticipant("bank", STATE);
        assertThrows(
                IllegalStateException.class,
                () -> state.participant("bank", given -> {
                    throw new IllegalStateException("no room");
                }));
        assertEquals(List.of(STATE), given(RestoredState.in(directory), "bank"));
    }

    @Test
    void whatHasRottedIsNotGiven() throws IOException {
        RestoredState state = RestoredState.in(directory);
        state.putMessages("bank", MESSAGES);
        Path file = DurableFiles.list(directory.resolve("restored")).get(0);
        byte[] whole = Files.readAllBytes(file);
        for (int at = 0; at < whole.length; at++) {
            byte[] spoiled = whole.clone();
            spoiled[at] ^= 4;
            Files.write(file, spoiled);
            StorageException refused = assertThrows(StorageException.class, () -> state.messages("bank"));
            assertEquals(StorageException.Kind.CORRUPT, refused.kind());
        }
        Files.write(file, new byte[3]);
        assertThrows(StorageException.class, () -> state.messages("bank"));
        Files.write(file, whole);
        assertEquals(MESSAGES, state.messages("bank"));
    }
}
