package io.loggos.examples.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class JsonValuesTest {
    private final JsonValues values = new JsonValues(64);
    private final List<String> seen = new ArrayList<>();

    @Test
    void objectsAreDividedWhereverThePartsEnd() {
        String text = " {\"a\":\"}\\\"{\\\\\"}\n{\"b\":{\"c\":[1,{}]}}[2] ";
        for (int cut = 0; cut <= text.length(); cut++) {
            seen.clear();
            assertTrue(add(text.substring(0, cut)) && add(text.substring(cut)));
            assertEquals(List.of("{\"a\":\"}\\\"{\\\\\"}", "{\"b\":{\"c\":[1,{}]}}", "[2]"), seen);
            assertEquals("", values.take());
        }
    }

    @Test
    void whatIsNoObjectIsLeftForTheEnd() {
        assertTrue(add("{\"a\":1} {bad"));
        assertEquals(List.of("{\"a\":1}"), seen);
        assertEquals("{bad", values.take());
        assertEquals(0, values.size());
    }

    @Test
    void anObjectBeyondTheLimitIsRefused() {
        assertTrue(add("{\"" + "a".repeat(58) + "\":1"));
        assertTrue(add("}"));
        assertFalse(add("{\"" + "a".repeat(58) + "\":12}"));
    }

    private boolean add(String part) {
        return values.add(Unpooled.copiedBuffer(part, StandardCharsets.UTF_8), seen::add);
    }
}
