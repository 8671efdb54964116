package io.loggos.benchmarks.systems.servers.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.benchmarks.harness.report.Figures;
import org.junit.jupiter.api.Test;

class LoadResultTest {
    private static final LoadResult FOUND = new LoadResult(
            "put", 64, 256, new Figures(12_345.5, 100, 200.25, 300, 45.75, Double.NaN), 12.5, 1 << 20, 3);

    @Test
    void lineSaysTheFinding() {
        assertTrue(LoadResult.isIn(FOUND.toLine()));
        assertEquals(FOUND, LoadResult.parse(FOUND.toLine()));
    }

    @Test
    void otherLinesAreNone() {
        assertFalse(LoadResult.isIn(ClientProgram.AGREED));
    }

    @Test
    void halfALineIsRefused() {
        String line = FOUND.toLine();

        assertThrows(IllegalArgumentException.class, () -> LoadResult.parse(line.substring(0, line.lastIndexOf('\t'))));
    }
}
