package io.loggos.paxos.runtime.restore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.StorageException;
import io.loggos.api.snapshot.cut.InFlight;
import io.loggos.internal.files.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestoredStateTest {
    private static final Bytes STATE = Bytes.utf8("balance 7");
    private static final List<InFlight<Bytes>> MESSAGES = List.of(
            new InFlight<>(NodeId.of(3), NodeId.of(1), Bytes.utf8("one")),
            new InFlight<>(NodeId.of(3), NodeId.of(1), Bytes.EMPTY),
            new InFlight<>(NodeId.of(1), NodeId.of(1), Bytes.utf8("to itself")));

    @TempDir
    Path directory;

    @Test
    void everythingIsGivenOnceOverAllStarts() throws IOException {
        RestoredState state = RestoredState.in(directory);
        assertEquals(Optional.empty(), state.takeParticipant("bank"));
        assertEquals(List.of(), state.takeInFlight("bank"));
        state.putParticipant("bank", STATE);
        state.putParticipant("", Bytes.EMPTY);
        state.putInFlight("bank", MESSAGES);

        state = RestoredState.in(directory);
        assertEquals(Optional.empty(), state.takeParticipant("other"));
        assertEquals(Optional.of(STATE), state.takeParticipant("bank"));
        assertEquals(Optional.empty(), state.takeParticipant("bank"));

        state = RestoredState.in(directory);
        assertEquals(Optional.empty(), state.takeParticipant("bank"));
        assertEquals(Optional.of(Bytes.EMPTY), state.takeParticipant(""));
        assertEquals(List.of(), state.takeInFlight("other"));
        assertEquals(MESSAGES, state.takeInFlight("bank"));
        assertEquals(List.of(), state.takeInFlight("bank"));
        assertEquals(List.of(), DurableFiles.list(directory.resolve("restored")));
    }

    @Test
    void whatHasRottedIsNotGiven() throws IOException {
        RestoredState state = RestoredState.in(directory);
        state.putInFlight("bank", MESSAGES);
        Path file = DurableFiles.list(directory.resolve("restored")).get(0);
        byte[] whole = Files.readAllBytes(file);
        for (int at = 0; at < whole.length; at++) {
            byte[] spoiled = whole.clone();
            spoiled[at] ^= 4;
            Files.write(file, spoiled);
            StorageException refused = assertThrows(StorageException.class, () -> state.takeInFlight("bank"));
            assertEquals(StorageException.Kind.CORRUPT, refused.kind());
        }
        Files.write(file, new byte[3]);
        assertThrows(StorageException.class, () -> state.takeInFlight("bank"));
        Files.write(file, whole);
        assertEquals(MESSAGES, state.takeInFlight("bank"));
    }
}
