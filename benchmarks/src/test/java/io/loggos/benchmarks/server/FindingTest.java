package io.loggos.benchmarks.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.benchmarks.report.Figures;
import org.junit.jupiter.api.Test;

class FindingTest {
    private static final Finding FOUND =
            new Finding("put", 64, 256, new Figures(12_345.5, 100, 200.25, 300, 45.75, Double.NaN), 12.5, 3);

    @Test
    void lineSaysTheFinding() {
        assertTrue(Finding.isIn(FOUND.toLine()));
        assertEquals(FOUND, Finding.of(FOUND.toLine()));
    }

    @Test
    void otherLinesAreNone() {
        assertFalse(Finding.isIn(ClientProgram.AGREED));
    }

    @Test
    void halfALineIsRefused() {
        String line = FOUND.toLine();

        assertThrows(IllegalArgumentException.class, () -> Finding.of(line.substring(0, line.lastIndexOf(' '))));
    }
}
