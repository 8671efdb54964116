package io.loggos.multicast.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.spi.WriteMark;
import io.loggos.internal.codec.ByteWriter;
import io.loggos.internal.codec.MalformedException;
import io.loggos.multicast.wire.Frame.Ack;
import io.loggos.multicast.wire.Frame.Data;
import io.loggos.multicast.wire.Frame.Heartbeat;
import io.loggos.multicast.wire.Frame.Hello;
import io.loggos.multicast.wire.Frame.Refused;
import io.loggos.multicast.wire.Frame.Welcome;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class FrameCodecTest {
    private static final NodeId N1 = NodeId.of(1);
    private static final NodeId N2 = NodeId.of(2);

    @Test
    void aHelloComesBackAsItWas() {
        Hello hello = new Hello(1, 3, "orders ☃", N1, N2, -5, Long.MIN_VALUE, 7, new WriteMark(-6, 8, 9));
        assertEquals(hello, FrameCodec.decode(FrameCodec.encode(hello)));
    }

    @Test
    void aWelcomeComesBackAsItWas() {
        Welcome welcome = new Welcome(1, N2, -1, 3, 4, Long.MAX_VALUE, true, new WriteMark(5, -6, 7));
        assertEquals(welcome, FrameCodec.decode(FrameCodec.encode(welcome)));
    }

    @ParameterizedTest
    @EnumSource(Refusal.class)
    void aRefusalComesBackAsItWas(Refusal code) {
        Refused refused = new Refused(code, "why");
        assertEquals(refused, FrameCodec.decode(FrameCodec.encode(refused)));
    }

    @Test
    void aHeartbeatComesBackAsItWas() {
        Heartbeat heartbeat = new Heartbeat(
                new TreeSet<>(List.of(N1, N2, NodeId.of(NodeId.MAX))),
                new TreeSet<>(List.of(NodeId.of(NodeId.MAX))),
                13);
        assertEquals(heartbeat, FrameCodec.decode(FrameCodec.encode(heartbeat)));
    }

    @Test
    void theBytesOfAnAcknowledgementAreTheseForEver() {
        assertEquals(
                "0105" + "0000000000000002" + "00000000000000ff",
                HexFormat.of().formatHex(FrameCodec.encode(new Ack(2, 255)).toByteArray()));
    }

    @Test
    void aDataFrameListsItsMessagesAndCopiesNone() {
        Bytes head = Bytes.utf8("head");
        Bytes body = Bytes.utf8("body");
        DataFrame frame = new DataFrame(3, 10, 12);
        frame.add(head, body);
        frame.add(head, Bytes.EMPTY);
        frame.add(Bytes.EMPTY, Bytes.EMPTY);
        List<Bytes> pieces = frame.toPieces();
        assertEquals(4, pieces.size());
        assertSame(head, pieces.get(1));
        assertSame(body, pieces.get(2));
        assertSame(head, pieces.get(3));

        Bytes whole = join(pieces);
        assertEquals(frame.size(), whole.size());
        Data data = (Data) FrameCodec.decode(whole);
        assertEquals(new Data(3, 10, 12, List.of(Bytes.utf8("headbody"), Bytes.utf8("head"), Bytes.EMPTY)), data);
        assertSame(whole.backingArray(), data.messages().get(0).backingArray());
    }

    @Test
    void aFrameSaysBeforehandHowLargeItWillBe() {
        DataFrame frame = new DataFrame(1, 1, 0);
        frame.add(Bytes.EMPTY, Bytes.utf8("12345"));
        assertEquals(DataFrame.sizeOf(5), frame.size());
        assertEquals(true, frame.fits(10, frame.size() + 14));
        assertEquals(false, frame.fits(10, frame.size() + 13));
        assertEquals(false, frame.fits(Integer.MAX_VALUE, Integer.MAX_VALUE));
    }

    /** Each line: a frame in hexadecimal, and its error. */
    @ParameterizedTest
    @CsvSource({
        "'', ends 1 bytes too early",
        "02, 'a frame of format 2, known is 1'",
        "0100, a frame of unknown kind 0",
        "0108, a frame of unknown kind 8",
        "010500000000000000010000000000000001ff, 1 bytes too many",
        "01058000000000000001, negative: -9223372036854775807",
        "0103ff00000000, an unknown refusal: 255",
        "010301, ends 4 bytes too early",
        "01030180000000, negative length: -2147483648",
        "0103017fffffff, ends 2147483647 bytes too early",
        "010400000000000000000000000000000001000000000000000000000000, generations and messages are numbered from 1",
        "010400000000000000010000000000000000000000000000000000000000, generations and messages are numbered from 1",
        "01040000000000000001000000000000000100000000000000007fffffff, more elements than bytes: 2147483647",
        "0104000000000000000100000000000000010000000000000000ffffffff, more elements than bytes: -1",
        "010400000000000000017fffffffffffffff00000000000000000000000100000000, message numbers overflow",
        "010400000000000000010000000000000001000000000000000000000001ffffffff, negative length: -1",
        "0106000000010000000001, not a node id: 0",
        "0106000000010000000102, not a boolean: 2",
    })
    void whatIsNoFrameIsSaidToBeNone(String hex, String problem) {
        Bytes bytes = Bytes.wrap(HexFormat.of().parseHex(hex));
        assertEquals(
                problem,
                assertThrows(MalformedException.class, () -> FrameCodec.decode(bytes))
                        .getMessage());
    }

    @Test
    void aHeartbeatOfMoreNodesThanAClusterHasIsNone() {
        ByteWriter out = new ByteWriter(200).putByte(1).putByte(6).putInt(32);
        for (int i = 1; i <= 32; i++) {
            out.putInt(i).putBoolean(false);
        }
        assertThrows(MalformedException.class, () -> FrameCodec.decode(out.toBytes()));
    }

    @Test
    void aTextThatIsTooLongIsNone() {
        Bytes refused = FrameCodec.encode(new Refused(Refusal.CLUSTER, "x".repeat(2049)));
        assertThrows(MalformedException.class, () -> FrameCodec.decode(refused));
    }

    private static Bytes join(List<Bytes> pieces) {
        ByteWriter out = new ByteWriter(64);
        pieces.forEach(out::putRaw);
        return out.toBytes();
    }
}
