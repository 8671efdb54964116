package io.loggos.paxos.runtime.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.snapshot.SnapshotId;
import io.loggos.api.spi.Meters;
import io.loggos.internal.codec.MalformedException;
import io.loggos.multicast.InvariantException;
import io.loggos.multicast.Invariants;
import io.loggos.multicast.ProtocolTag;
import io.loggos.snapshot.core.SnapshotMessage;
import io.loggos.snapshot.wire.SnapshotCodec;
import org.junit.jupiter.api.Test;

/** Messages that make a protocol throw (RULES.md O-9 of multicast). */
class LinkRouterTest {
    private static final NodeId N1 = NodeId.of(1);
    private static final NodeId N2 = NodeId.of(2);
    private static final Bytes MESSAGE = SnapshotCodec.encode(new SnapshotMessage.Kept(new SnapshotId(N2, 1, 1)));

    private int dials;

    @Test
    void anExceptionOfAMessageIsItsSenders() {
        LinkRouter router = router(() -> {
            throw new IllegalArgumentException("n9 is not a peer");
        });
        for (int i = 0; i < 2; i++) {
            MalformedException e = assertThrows(MalformedException.class, () -> router.onMessage(N2, 1, MESSAGE));
            assertEquals("it cannot be taken", e.getMessage());
        }
    }

    @Test
    void aBrokenInvariantIsThisNodesOwn() {
        LinkRouter router = router(() -> Invariants.check(false, "two leaders"));
        assertThrows(InvariantException.class, () -> router.onMessage(N2, 1, MESSAGE));
        assertEquals(0, dials);
    }

    private LinkRouter router(Runnable protocol) {
        LinkRouter.Dialer dialer = new LinkRouter.Dialer() {
            @Override
            public void dial(NodeId peer) {
                dials++;
            }

            @Override
            public void refused(NodeId peer, String reason) {
                dials++;
            }
        };
        LinkRouter router = new LinkRouter(N1, dialer, Meters.NONE);
        router.add(ProtocolTag.SNAPSHOT, (from, number, message, now) -> protocol.run());
        return router;
    }
}
