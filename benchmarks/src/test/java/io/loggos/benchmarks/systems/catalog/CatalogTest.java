package io.loggos.benchmarks.systems.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.benchmarks.systems.consensus.ReplicatedSystem;
import java.util.List;
import org.junit.jupiter.api.Test;

class CatalogTest {
    @Test
    void namesAreUniqueAndFitInACommandLine() {
        List<String> names = Systems.all().stream().map(ReplicatedSystem::name).toList();
        assertEquals(names.stream().distinct().toList(), names);
        for (ReplicatedSystem system : Systems.all()) {
            assertTrue(system.name().matches("[a-z][a-z0-9-]*"), system.name());
            assertTrue(system.version().matches(".+ [0-9]+\\..*"), system.version());
            assertFalse(system.label().isBlank() || system.durability().isBlank(), system.name());
            assertEquals(system, Systems.byName(system.name()));
        }
        assertEquals("loggos", names.get(0));
    }
}
