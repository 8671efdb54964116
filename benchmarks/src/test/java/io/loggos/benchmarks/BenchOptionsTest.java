package io.loggos.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BenchOptionsTest {
    @Test
    void defaults() {
        BenchOptions options = BenchOptions.parse("commit");
        assertEquals(List.of(1, 64, 1024), options.inFlight());
        assertEquals(256, options.payloadBytes());
        assertFalse(options.shortRun());
        assertNull(options.json());
    }

    @Test
    void everythingGiven() {
        BenchOptions options = BenchOptions.parse(
                "floors", "--in-flight", "8,2,8", "--payload", "16", "--short", "--json", "f", "--data", "d");
        assertEquals(BenchOptions.What.FLOORS, options.what());
        assertEquals(List.of(8, 2), options.inFlight());
        assertEquals(16, options.payloadBytes());
        assertTrue(options.shortRun());
        assertEquals(Path.of("f"), options.json());
        assertEquals(Path.of("d"), options.data());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "walk",
                "commit --far",
                "commit --payload",
                "commit --payload 0",
                "commit --payload 2000000",
                "commit --payload 100000 --in-flight 1,1024",
                "commit --in-flight 1,,2",
                "commit --in-flight 1,x",
                "commit --in-flight 100000"
            })
    void mistakesAreNamed(String line) {
        assertThrows(IllegalArgumentException.class, () -> BenchOptions.parse(line.split(" ")));
    }
}
