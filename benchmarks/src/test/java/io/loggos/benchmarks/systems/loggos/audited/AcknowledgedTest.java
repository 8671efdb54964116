package io.loggos.benchmarks.systems.loggos.audited;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.BitSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AcknowledgedTest {
    @Test
    void allButThoseThatWereNot() {
        BitSet not = new BitSet();
        not.set(1);
        not.set(3);
        Acknowledged acknowledged = new Acknowledged(7, 5, not);
        assertEquals(3, acknowledged.count());
        assertEquals("{0, 2, 4}", acknowledged.sequences().toString());
        assertEquals(acknowledged, Acknowledged.parse(acknowledged.toText()));
    }

    @Test
    void noneAtAll() {
        Acknowledged none = new Acknowledged(1, 0, new BitSet());
        assertEquals(0, none.count());
        assertEquals(none, Acknowledged.parse(none.toText()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1:2", "1:2:3:4", "1:x:"})
    void whatIsNoneIsRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> Acknowledged.parse(text));
    }
}
