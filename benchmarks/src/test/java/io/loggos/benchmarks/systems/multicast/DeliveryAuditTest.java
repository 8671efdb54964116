package io.loggos.benchmarks.systems.multicast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class DeliveryAuditTest {
    private final AtomicInteger calls = new AtomicInteger();

    @Test
    void everyMessageOnceInTheOrderSentIsInOrder() {
        DeliveryAudit.State state = after(false, "0.0 1.0 0.1 1.1 1.2");
        assertEquals(List.of(2L, 3L), state.next());
        assertTrue(state.inOrder());
        assertEquals(5, calls.get());
    }

    @Test
    void whatIsJumpedOverIsLost() {
        DeliveryAudit.State state = after(false, "0.0 0.3 0.4");
        assertEquals(2, state.lost());
        assertFalse(state.inOrder());
    }

    @Test
    void whatComesLateOrAgainIsDoubled() {
        assertEquals(1, after(false, "0.0 0.0 0.1").doubled());
        DeliveryAudit.State swapped = after(false, "0.1 0.0 0.2");
        assertEquals(1, swapped.doubled());
        assertFalse(swapped.inOrder());
    }

    @Test
    void theHashTellsTotalOrdersApart() {
        assertEquals(after(true, "0.0 1.0 0.1"), after(true, "0.0 1.0 0.1"));
        assertNotEquals(
                after(true, "0.0 1.0 0.1").orderHash(),
                after(true, "0.0 0.1 1.0").orderHash());
        assertEquals(after(false, "0.0 1.0 0.1"), after(false, "0.0 0.1 1.0"));
    }

    @Test
    void theStateIsPassedOn() {
        DeliveryAudit.State state = after(true, "0.0 1.0 0.1 0.1");
        assertEquals(state, DeliveryAudit.State.parse(state.toText()));
    }

    @Test
    void theLatestViewCounts() {
        DeliveryAudit audit = new DeliveryAudit(2, false, () -> {});
        assertEquals(0, audit.viewSize());
        audit.onView(1, true);
        audit.onView(2, false);
        assertEquals(2, audit.viewSize());
        assertFalse(audit.isCoordinator());
    }

    /** Returns the result of an audit after messages, each a sender and a sequence. */
    private DeliveryAudit.State after(boolean total, String messages) {
        DeliveryAudit audit = new DeliveryAudit(2, total, calls::incrementAndGet);
        for (String message : messages.split(" ", -1)) {
            String[] parts = message.split("\\.", -1);
            byte[] bytes = NumberedMessage.of(Integer.parseInt(parts[0]), Long.parseLong(parts[1]), 20);
            audit.onMessage(bytes, 0);
        }
        return audit.state();
    }
}
