package io.loggos.multicast.group.core.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.group.Delivery;
import io.loggos.api.group.Ordering;
import io.loggos.api.group.Receipt;
import io.loggos.api.group.Receipt.Outcome;
import io.loggos.api.group.ViewId;
import io.loggos.internal.codec.ByteWriter;
import io.loggos.multicast.group.core.model.Attempt;
import io.loggos.multicast.group.core.model.GroupEffects;
import io.loggos.multicast.group.core.model.GroupMessage.Next;
import io.loggos.multicast.group.core.model.GroupMessage.Trim;
import io.loggos.multicast.group.core.model.GroupView;
import io.loggos.multicast.group.core.model.Member;
import io.loggos.multicast.group.core.model.OrderNumbers;
import io.loggos.multicast.group.core.model.Packet;
import io.loggos.multicast.group.core.model.PendingReceipt;
import io.loggos.multicast.group.core.model.Submission;
import io.loggos.multicast.group.core.model.VectorClock;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** RULES.md V-13, V-25: of a message to one member, all others have a hollow packet, and only its origin the message. */
class HollowPacketTest {
    private static final Member M1 = new Member(NodeId.of(1), 1);
    private static final Member M2 = new Member(NodeId.of(2), 1);
    private static final ViewId V1 = new ViewId(1, NodeId.of(1), 1);
    private static final GroupView VIEW = new GroupView(V1, List.of(M1, M2), true, V1);

    private final List<Outcome> outcomes = new ArrayList<>();

    private static Packet toSecond(long number) {
        Bytes messages = new ByteWriter(16).putBytes(Bytes.utf8("a")).toBytes();
        return new Packet(
                V1, 0, number, Ordering.FIFO, Delivery.ON_RECEIPT, 1, VectorClock.NONE, OrderNumbers.NONE, 1, messages);
    }

    /** A cut of one packet of the first member, whose digest the coordinator has or has not. */
    private static Trim trim(boolean reached, Member... goingOn) {
        GroupView next = new GroupView(new ViewId(2, NodeId.of(1), 1), List.of(goingOn), true, V1);
        VectorClock union = VectorClock.of(new long[] {1, 0});
        return new Trim(
                V1,
                new Attempt(1, NodeId.of(1)),
                List.of(M1, M2),
                List.of(reached ? union : VectorClock.NONE, VectorClock.of(new long[] {0, 0})),
                union,
                new Next(next, List.of(), List.of(), null));
    }

    private GroupEffects effects() {
        return (GroupEffects) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {GroupEffects.class}, (proxy, method, arguments) -> {
                    ((PendingReceipt) arguments[0]).end((Receipt) arguments[1]);
                    return null;
                });
    }

    private static boolean waits(SenderStream[] streams, boolean reached) {
        return new FlushRelay(VIEW, 1, streams, trim(reached, M1, M2)).waitsForOrigin();
    }

    private void ends(Trim trim, boolean gave) {
        OpenReceipts receipts = new OpenReceipts(effects(), VIEW, 0);
        Submission submission = new Submission(
                Bytes.utf8("a"),
                Packet.Content.MESSAGES,
                Ordering.FIFO,
                Delivery.ON_RECEIPT,
                NodeId.of(2),
                receipt -> outcomes.add(receipt.outcome()));
        receipts.sent(toSecond(1), List.of(submission));
        receipts.viewEnds(trim);
        receipts.viewEnded(trim, 1, gave);
    }

    /** The origin comes late, with the message that a relay did not have. */
    @Test
    void theOriginFillsWhatCameHollow() {
        SenderStream stream = new SenderStream();
        assertTrue(stream.add(toSecond(1).hollow()));
        stream.cameHollow();
        assertTrue(stream.isHollow());
        stream.fill(toSecond(1).hollow());
        stream.fill(toSecond(2));
        assertTrue(stream.isHollow());
        stream.fill(toSecond(1));
        assertFalse(stream.isHollow());
        assertEquals(toSecond(1), stream.get(1));
        assertEquals(toSecond(1).costBytes(), stream.keptBytes());
    }

    /** Such a packet is waited for in an attempt in which its origin takes part, and not in another. */
    @Test
    void aSurvivorWaitsForAnOriginThatGives() {
        SenderStream[] streams = {new SenderStream(), new SenderStream()};
        assertFalse(waits(streams, true));
        streams[0].add(toSecond(1).hollow());
        streams[0].cameHollow();
        assertTrue(waits(streams, true));
        assertFalse(waits(streams, false));
    }

    /** A sender that gave nothing in the attempt that ended the view cannot say that its message has come. */
    @Test
    void aSenderThatGaveNothingDoesNotKnow() {
        ends(trim(true, M1, M2), true);
        ends(trim(false, M1, M2), false);
        ends(trim(true, M1), true);
        assertEquals(List.of(Outcome.DELIVERED, Outcome.UNKNOWN, Outcome.UNKNOWN), outcomes);
    }
}
