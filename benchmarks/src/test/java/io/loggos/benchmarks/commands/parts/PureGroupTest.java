package io.loggos.benchmarks.commands.parts;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.loggos.api.Bytes;
import io.loggos.api.group.Ordering;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PureGroupTest {
    private static final int MEMBERS = 4;
    private static final int ROUNDS = 1_000;

    /** More than a window holds, so that credit has to come back. */
    @ParameterizedTest
    @EnumSource(Ordering.class)
    void allIsDeliveredToAll(Ordering ordering) {
        PureGroup group = new PureGroup(MEMBERS, ordering);
        for (int round = 1; round <= ROUNDS; round++) {
            group.multicast(Bytes.wrap(new byte[1024]), 3);
            assertEquals(3L * round * MEMBERS * MEMBERS, group.delivered(), "round " + round);
        }
    }
}
