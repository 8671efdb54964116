package io.loggos.examples.server.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class AnswerRoomTest {
    private static final long MEBIBYTE = 1 << 20;

    private final AnswerRoom room = new AnswerRoom(32 * MEBIBYTE);
    private final List<String> run = new ArrayList<>();

    @Test
    void aReadWithoutRoomIsRefusedUntilAnAnswerIsTaken() {
        assertTrue(room.takeForRead(20 * MEBIBYTE));
        assertFalse(room.takeForRead(20 * MEBIBYTE));
        assertTrue(room.takeForRead(10 * MEBIBYTE));
        room.release(20 * MEBIBYTE);
        assertTrue(room.takeForRead(20 * MEBIBYTE));
    }

    @Test
    void aReadWaitsForRoomThatBecomesFree() {
        assertTrue(room.takeForRead(32 * MEBIBYTE));
        CompletableFuture<Boolean> waiting = CompletableFuture.supplyAsync(() -> room.takeForRead(MEBIBYTE));
        room.release(32 * MEBIBYTE);
        assertTrue(waiting.join());
    }

    @Test
    void anAnswerLargerThanTheRoomGoesAlone() {
        assertTrue(room.takeForRead(100 * MEBIBYTE));
        assertFalse(room.takeForRead(1));
        room.release(100 * MEBIBYTE);
        assertTrue(room.takeForRead(1));
    }

    @Test
    void writesRunAFewAtATimeAndNoneIsRefusedAfterItBegan() {
        for (String write : List.of("a", "b", "c", "d")) {
            assertTrue(room.beginWrite(() -> run.add(write)));
        }
        assertEquals(List.of("a", "b"), run);
        room.endWrite(16 * MEBIBYTE, Runnable::run);
        room.endWrite(20 * MEBIBYTE, Runnable::run);
        assertEquals(List.of("a", "b", "c", "d"), run);
        assertFalse(room.beginWrite(() -> run.add("e")));
        room.release(36 * MEBIBYTE);
        room.endWrite(0, Runnable::run);
        room.endWrite(0, Runnable::run);
        assertTrue(room.beginWrite(() -> run.add("f")));
        assertEquals(List.of("a", "b", "c", "d", "f"), run);
    }
}
