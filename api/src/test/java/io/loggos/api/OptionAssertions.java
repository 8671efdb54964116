package io.loggos.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.function.Supplier;

/** Assertions on options that are made by builders. */
final class OptionAssertions {
    private OptionAssertions() {}

    static void assertProblems(Supplier<?> build, String... problems) {
        InvalidOptionsException invalid = assertThrows(InvalidOptionsException.class, build::get);
        assertEquals(List.of(problems), invalid.problems());
    }

    /** Asserts that no component is equal, so that a round trip would lose each option that is not copied. */
    static <R extends Record> void assertAllDiffer(R defaults, R changed) throws ReflectiveOperationException {
        for (RecordComponent each : defaults.getClass().getRecordComponents()) {
            assertNotEquals(
                    each.getAccessor().invoke(defaults), each.getAccessor().invoke(changed), each.getName());
        }
    }
}
