package io.loggos.paxos.core.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.loggos.api.Bytes;
import io.loggos.api.RequestId;
import io.loggos.api.Slot;
import io.loggos.internal.codec.ByteWriter;
import io.loggos.internal.codec.MalformedException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class BatchTest {
    /** The layout is on disks and on the wire, so it must not change within a version. */
    @Test
    void layoutIsWhatItSays() {
        Bytes expected = header(1, 1)
                .putLong(7)
                .putLong(8)
                .putInt(3)
                .putBytes(Bytes.utf8("hello"))
                .toBytes();
        Submission command = new Submission(7, 8, Bytes.utf8("hello"), null, 0);
        command.lowest = 5;
        Batch batch = Batch.of(99, List.of(command), 5);

        assertEquals(expected, batch.bytes());
        assertEquals(Batch.HEADER_BYTES + Batch.COMMAND_BYTES + 5, expected.size());
    }

    @Test
    void whatIsWrittenIsRead() {
        Submission command = new Submission(4, 5, Bytes.utf8("command"), null, 0);
        command.lowest = 2;
        Batch batch = Batch.parse(Batch.of(1_000, List.of(command, command), 14).bytes());
        List<String> seen = new ArrayList<>();
        batch.forEach((session, sequence, lowest, payload) ->
                seen.add(session + " " + sequence + " " + lowest + " " + payload.toUtf8()));

        List<String> names = new ArrayList<>();
        batch.forEachName((session, sequence) -> names.add(session + " " + sequence));

        assertEquals(List.of("4 5 2 command", "4 5 2 command"), seen);
        assertEquals(List.of("4 5", "4 5"), names);
        assertEquals(1_000, batch.logTimeMillis());
        assertEquals(2, batch.count());
    }

    /** The id of a caller stands before the payload, and is told by a bit. */
    @Test
    void idOfACallerIsRead() {
        RequestId id = new RequestId(Slot.of(12), new UUID(-3, 4));
        Submission command = new Submission(4, 5, Batch.named(id, Bytes.utf8("command")), null, 0);
        command.named = true;
        command.lowest = 2;
        Submission plain = new Submission(4, 6, Bytes.EMPTY, null, 0);
        Batch batch = Batch.parse(Batch.of(1_000, List.of(command, plain), 31).bytes());
        List<String> seen = new ArrayList<>();
        batch.forEach(new Batch.Visitor() {
            @Override
            public void command(long session, long sequence, long lowest, Bytes payload) {
                seen.add("plain " + sequence + " " + lowest);
            }

            @Override
            public void request(long session, long sequence, long lowest, long after, UUID key, Bytes payload) {
                RequestId read = new RequestId(Slot.of(after), key);
                seen.add(session + " " + sequence + " " + lowest + " " + read + " " + payload.toUtf8());
            }
        });

        assertEquals(List.of("4 5 2 " + id + " command", "plain 6 1"), seen);
        assertEquals(id, RequestId.parse(id.toString()));
    }

    @Test
    void shortIdIsMalformed() {
        Submission command = new Submission(4, 5, Bytes.wrap(new byte[Batch.ID_BYTES - 1]), null, 0);
        command.named = true;
        Batch batch = Batch.of(1_000, List.of(command), Batch.ID_BYTES - 1);

        assertThrows(MalformedException.class, () -> batch.forEach((session, sequence, lowest, payload) -> {}));
        assertThrows(MalformedException.class, () -> batch.forEachName((session, sequence) -> {}));
    }

    @Test
    void noOpHasNoCommands() {
        Batch noOp = Batch.parse(Batch.noOp(12).bytes());

        assertEquals(0, noOp.count());
        assertEquals(12, noOp.logTimeMillis());
    }

    @Test
    void otherVersionIsMalformed() {
        assertThrows(MalformedException.class, () -> Batch.parse(header(2, 0).toBytes()));
    }

    @Test
    void moreCommandsThanBytesIsMalformed() {
        assertThrows(
                MalformedException.class,
                () -> Batch.parse(header(1, Integer.MAX_VALUE).toBytes()));
        assertThrows(MalformedException.class, () -> Batch.parse(header(1, -1).toBytes()));
    }

    @Test
    void shortHeaderIsMalformed() {
        Bytes whole = Batch.noOp(1).bytes();
        for (int size = 0; size < whole.size(); size++) {
            Bytes part = whole.slice(0, size);
            assertThrows(MalformedException.class, () -> Batch.parse(part));
        }
    }

    @Test
    void trailingBytesAreMalformed() {
        Batch batch = Batch.parse(header(1, 0).putByte(0).toBytes());

        assertThrows(MalformedException.class, () -> batch.forEach((session, sequence, lowest, payload) -> {}));
        assertThrows(MalformedException.class, () -> batch.forEachName((session, sequence) -> {}));
    }

    @Test
    void negativePayloadIsMalformed() {
        Batch batch = Batch.parse(
                header(1, 1).putLong(1).putLong(1).putInt(0).putInt(-1).toBytes());

        assertThrows(MalformedException.class, () -> batch.forEach((session, sequence, lowest, payload) -> {}));
        assertThrows(MalformedException.class, () -> batch.forEachName((session, sequence) -> {}));
    }

    @Test
    void payloadBeyondTheEndIsMalformed() {
        Batch batch = Batch.parse(header(1, 1)
                .putLong(1)
                .putLong(1)
                .putInt(0)
                .putInt(2)
                .putByte(0)
                .toBytes());

        assertThrows(MalformedException.class, () -> batch.forEach((session, sequence, lowest, payload) -> {}));
        assertThrows(MalformedException.class, () -> batch.forEachName((session, sequence) -> {}));
    }

    private static ByteWriter header(int version, int count) {
        return new ByteWriter(64).putByte(version).putLong(99).putInt(count);
    }
}
