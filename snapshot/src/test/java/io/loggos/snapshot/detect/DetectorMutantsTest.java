package io.loggos.snapshot.detect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.loggos.testkit.Mutant;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests detectors in both directions, and catches detectors with a bug by that.
 *
 * <p>A property that is found is true at the end of the snapshot and ever after. A property that was true before the
 * snapshot is found.
 */
class DetectorMutantsTest {
    private static final int SEEDS = 500;
    private static final String DIRECTORY = "io/loggos/snapshot/detect/";

    @TempDir
    Path directory;

    @Test
    void endIsFoundRight() {
        assertEquals("", TerminationWorld.firstViolation(1, SEEDS));
    }

    @Test
    void deadlockIsFoundRight() {
        assertEquals("", LockWorld.firstViolation(1, SEEDS));
    }

    @Test
    void orphansAreFoundRight() {
        assertEquals("", HeapWorld.firstViolation(1, SEEDS));
    }

    @ParameterizedTest
    @MethodSource("mutants")
    void mutantIsCaught(Mutant mutant, Class<?> world) throws Exception {
        assertFalse(mutant.caught(directory, world, 1, SEEDS).isEmpty());
    }

    static Stream<Arguments> mutants() {
        return Stream.of(
                Arguments.of(
                        mutant(
                                "channels left out of the end",
                                "Termination",
                                "computation.inFlight(cut).stream().noneMatch(each -> work.test(each.message()))",
                                "true"),
                        TerminationWorld.class),
                Arguments.of(
                        mutant("timers left out", "Activity", "passive && timers == 0", "passive"),
                        TerminationWorld.class),
                Arguments.of(
                        mutant("activity left out", "Activity", "passive && timers == 0", "timers == 0"),
                        TerminationWorld.class),
                Arguments.of(
                        mutant("talk taken for work", "Termination", "work.test(each.message())", "true"),
                        TerminationWorld.class),
                Arguments.of(
                        mutant("one state is enough", "Termination", ".allMatch(state", ".anyMatch(state"),
                        TerminationWorld.class),
                Arguments.of(
                        mutant(
                                "channels left out of the deadlock",
                                "Deadlock",
                                "computation.inFlight(cut)",
                                "List.<InFlight<Bytes>>of()"),
                        LockWorld.class),
                Arguments.of(
                        mutant(
                                "requests ignored",
                                "WaitForGraph",
                                "awaited.putIfAbsent(message.claim(), new Source(sent.from(), Optional.of(sent)));",
                                "{}"),
                        LockWorld.class),
                Arguments.of(
                        mutant("a grant does not end the wait", "WaitForGraph", "awaited.remove(message.claim());", ""),
                        LockWorld.class),
                Arguments.of(
                        mutant(
                                "a grant does not give",
                                "WaitForGraph",
                                "held.put(message.claim(), new Source(sent.to(), Optional.of(sent)));",
                                ""),
                        LockWorld.class),
                Arguments.of(
                        mutant("releases ignored", "WaitForGraph", "held.remove(message.claim());", "{}"),
                        LockWorld.class),
                Arguments.of(
                        mutant(
                                "whoever waits is stuck",
                                "WaitForGraph",
                                "waiting.contains(wait.holder())",
                                "!waiting.isEmpty()"),
                        LockWorld.class),
                Arguments.of(
                        mutant(
                                "references in channels left out",
                                "Orphans",
                                "reached.addAll(messages.apply(sent.message()));",
                                ""),
                        HeapWorld.class),
                Arguments.of(
                        mutant("references of objects left out", "Orphans", "references.putAll(state.objects());", ""),
                        HeapWorld.class),
                Arguments.of(
                        mutant("roots left out", "Orphans", "reached.addAll(state.roots());", ""), HeapWorld.class),
                Arguments.of(
                        mutant(
                                "every object taken for a root",
                                "Orphans",
                                "reached.addAll(state.roots());",
                                "reached.addAll(state.objects().keySet());"),
                        HeapWorld.class));
    }

    private static Mutant mutant(String name, String file, String text, String replacement) {
        return new Mutant(name, DIRECTORY + file + ".java", text, replacement);
    }
}
