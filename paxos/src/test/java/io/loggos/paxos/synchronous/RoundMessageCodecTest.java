package io.loggos.paxos.synchronous;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.loggos.api.Bytes;
import io.loggos.internal.codec.ByteWriter;
import io.loggos.internal.codec.MalformedException;
import io.loggos.paxos.synchronous.core.RoundMessage;
import io.loggos.paxos.synchronous.wire.RoundMessageCodec;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class RoundMessageCodecTest {
    private static final RoundMessage MESSAGE =
            new RoundMessage(2, new TreeSet<>(List.of(Bytes.EMPTY, Bytes.utf8("a"), Bytes.utf8("long"))));

    @Test
    void whatIsWrittenIsRead() {
        assertEquals(
                new RoundMessageCodec.Numbered(-7, MESSAGE),
                RoundMessageCodec.decode(RoundMessageCodec.encode(-7, MESSAGE)));
    }

    @Test
    void partsAreRefused() {
        Bytes whole = RoundMessageCodec.encode(1, MESSAGE);
        for (int size = 0; size < whole.size(); size++) {
            Bytes part = whole.slice(0, size);
            assertThrows(MalformedException.class, () -> RoundMessageCodec.decode(part));
        }
        Bytes more = new ByteWriter(0).putRaw(whole).putByte(0).toBytes();
        assertThrows(MalformedException.class, () -> RoundMessageCodec.decode(more));
    }

    @Test
    void whatCannotBeIsRefused() {
        assertRefused(new ByteWriter(0).putByte(2).putLong(1).putInt(1).putInt(0));
        assertRefused(new ByteWriter(0).putByte(1).putLong(1).putInt(0).putInt(0));
        assertRefused(new ByteWriter(0).putByte(1).putLong(1).putInt(1).putInt(-1));
        assertRefused(new ByteWriter(0).putByte(1).putLong(1).putInt(1).putInt(1 << 30));
        assertRefused(new ByteWriter(0)
                .putByte(1)
                .putLong(1)
                .putInt(1)
                .putInt(2)
                .putBytes(Bytes.utf8("a"))
                .putBytes(Bytes.utf8("a")));
    }

    private static void assertRefused(ByteWriter writer) {
        Bytes bytes = writer.toBytes();
        assertThrows(MalformedException.class, () -> RoundMessageCodec.decode(bytes));
    }
}
