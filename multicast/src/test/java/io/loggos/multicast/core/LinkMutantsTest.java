package io.loggos.multicast.core;

import io.loggos.testkit.Mutant;
import io.loggos.testkit.UnitTests;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Bugs in what links tell and credit, which the unit tests of links judge. */
public class LinkMutantsTest {
    static List<Mutant> mutants() {
        return List.of(
                new Mutant(
                        "a new generation has credit of its own",
                        "IncomingLink.java",
                        "            received = 0;\n            acknowledged = 0;\n            resumable = true;",
                        "            received = 0;\n            acknowledged = 0;\n            uncreditedBytes = 0;\n"
                                + "            resumable = true;"),
                new Mutant(
                        "what is withheld is acknowledged to a new connection",
                        "IncomingLink.java",
                        "if (!withheld) {",
                        "if (!withheld || connection == null || !ackDue) {"),
                new Mutant(
                        "a greeting does not tell what is synced",
                        "Reception.java",
                        "detector.heartbeat(settings.roster().syncedWrites())",
                        "detector.heartbeat(0)"),
                new Mutant(
                        "heartbeats do not tell what is synced",
                        "Links.java",
                        "detector.heartbeat(settings.roster().syncedWrites())",
                        "detector.heartbeat(0)"),
                new Mutant(
                        "data does not tell what is synced",
                        "OutgoingLink.java",
                        "new DataFrame(generation, sent + 1, settings.roster().syncedWrites())",
                        "new DataFrame(generation, sent + 1, 0)"));
    }

    /** Runs the tests of links inside the class loader of a mutant. */
    public static String firstViolation(long first, int count) {
        return UnitTests.firstFailure("io.loggos.multicast.core.LinksTest", "io.loggos.multicast.core.HandshakeTest");
    }

    @ParameterizedTest
    @MethodSource("mutants")
    void isCaught(Mutant mutant, @TempDir Path directory) throws IOException, ReflectiveOperationException {
        mutant.mustBeCaught(directory, LinkMutantsTest.class, 0, 1);
    }
}
