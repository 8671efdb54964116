package io.loggos.multicast.core;

import io.loggos.testkit.Mutant;
import io.loggos.testkit.UnitTests;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Bugs in the credit of links, which the unit tests of links judge. */
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
                        "if (!withheld || connection == null || !ackDue) {"));
    }

    /** Runs the tests of links inside the class loader of a mutant. */
    public static String firstViolation(long first, int count) {
        return UnitTests.firstFailure("io.loggos.multicast.core.LinksTest");
    }

    @ParameterizedTest
    @MethodSource("mutants")
    void isCaught(Mutant mutant, @TempDir Path directory) throws IOException, ReflectiveOperationException {
        mutant.mustBeCaught(directory, LinkMutantsTest.class, 0, 1);
    }
}
