package io.loggos.multicast.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Bytes;
import io.loggos.api.group.Delivery;
import io.loggos.api.group.Ordering;
import io.loggos.internal.codec.ByteReader;
import io.loggos.internal.codec.ByteWriter;
import io.loggos.multicast.group.core.model.Submission;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SendBufferTest {
    private static final int LIMIT = 1000;
    private static final long LONG = TimeUnit.SECONDS.toNanos(20);

    private final SendBuffer buffer = new SendBuffer(LIMIT);

    private static Submission message(int bytes) {
        return new Submission(Bytes.wrap(new byte[bytes]), Ordering.FIFO, Delivery.ON_RECEIPT, null);
    }

    @Test
    void whatIsAddedIsTakenInItsOrder() {
        Submission one = message(1);
        Submission other = message(2);
        assertNull(buffer.peek());
        assertTrue(buffer.offer(one));
        assertTrue(buffer.offer(other));

        assertSame(one, buffer.peek());
        assertSame(one, buffer.poll());
        assertSame(other, buffer.poll());
        assertNull(buffer.peek());
        assertEquals(0, buffer.usedBytes());
        assertThrows(IllegalStateException.class, buffer::poll);
    }

    @Test
    void isBoundedInBytes() {
        int each = 100;
        int fit = LIMIT / (each + SendBuffer.OVERHEAD_BYTES);
        for (int i = 0; i < fit; i++) {
            assertTrue(buffer.offer(message(each)));
        }
        assertFalse(buffer.offer(message(each)));
        buffer.poll();
        assertTrue(buffer.offer(message(each)));
    }

    /** RULES.md V-28: other threads fill one window at most, so three are left for callbacks. */
    @Test
    void callbacksHaveThreeWindowsOfTheirOwn() {
        int each = LIMIT / 4 - SendBuffer.OVERHEAD_BYTES;
        for (int i = 0; i < 4; i++) {
            assertTrue(buffer.offer(message(each)));
        }
        for (int i = 0; i < 3 * 4; i++) {
            assertFalse(buffer.offer(message(each)));
            assertTrue(buffer.offerFromCallback(message(each)), "message " + i);
        }
        assertFalse(buffer.offerFromCallback(message(each)));
        assertEquals(4 * LIMIT, buffer.usedBytes());
        for (int i = 0; i < 3 * 4; i++) {
            buffer.poll();
            assertFalse(buffer.offer(message(each)), "other threads wait until callbacks are below a window");
        }
    }

    @Test
    void oneAloneIsTakenWhateverItsSize() {
        assertTrue(buffer.offer(message(10 * LIMIT)));
        assertFalse(buffer.offer(message(0)));
    }

    @Test
    void whoWaitsIsWokenByRoom() throws InterruptedException {
        assertTrue(buffer.offer(message(LIMIT)));
        CompletableFuture<Boolean> waiting = CompletableFuture.supplyAsync(() -> waits(true));
        buffer.poll();
        assertTrue(waiting.join());
        assertFalse(buffer.offer(message(LIMIT), 1, () -> true), "the time is over");
    }

    @Test
    void whoWaitsForNothingAnyMoreGivesUp() {
        assertTrue(buffer.offer(message(LIMIT)));
        assertFalse(waits(false));
    }

    private boolean waits(boolean wanted) {
        try {
            return buffer.offer(message(LIMIT), LONG, () -> wanted);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Several threads add while one takes: nothing is lost, and each one's messages keep their order. */
    @Test
    void manyMayAddWhileOneTakes() {
        int threads = 4;
        int each = 20_000;
        SendBuffer wide = new SendBuffer(1 << 16);
        List<CompletableFuture<Void>> adding = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            int thread = i;
            adding.add(CompletableFuture.runAsync(() -> add(wide, thread, each)));
        }
        int[] next = new int[threads];
        long deadline = System.nanoTime() + LONG;
        for (int taken = 0; taken < threads * each; ) {
            assertTrue(System.nanoTime() < deadline, "only " + taken + " came");
            if (wide.peek() == null) {
                Thread.onSpinWait();
            } else {
                ByteReader reader = new ByteReader(wide.poll().message());
                int thread = reader.getInt();
                assertEquals(next[thread]++, reader.getInt());
                taken++;
            }
        }
        adding.forEach(CompletableFuture::join);
        assertNull(wide.peek());
        assertEquals(0, wide.usedBytes());
    }

    private static void add(SendBuffer buffer, int thread, int count) {
        for (int i = 0; i < count; i++) {
            Bytes message = new ByteWriter(8).putInt(thread).putInt(i).toBytes();
            try {
                assertTrue(buffer.offer(
                        new Submission(message, Ordering.FIFO, Delivery.ON_RECEIPT, null), LONG, () -> true));
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }
}
