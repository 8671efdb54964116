package io.loggos.benchmarks.systems.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.benchmarks.harness.report.MeasuredSystem;
import io.loggos.benchmarks.harness.report.Subject;
import org.junit.jupiter.api.Test;

class CatalogTest {
    @Test
    void namesAreUniqueAndFitInACommandLine() {
        check(Catalog.CONSENSUS);
        check(Catalog.MULTICAST);
    }

    private static void check(Catalog<?> catalog) {
        assertEquals(catalog.names().stream().distinct().toList(), catalog.names());
        for (MeasuredSystem system : catalog.all()) {
            Subject subject = system.subject();
            assertTrue(system.name().matches("[a-z][a-z0-9-]*"), system.name());
            assertTrue(subject.version().matches(".+ [0-9]+\\..*"), subject.version());
            assertFalse(subject.label().isBlank() || subject.durability().isBlank(), system.name());
            assertEquals(system, catalog.byName(system.name()));
        }
        assertEquals("loggos", catalog.names().get(0));
    }
}
