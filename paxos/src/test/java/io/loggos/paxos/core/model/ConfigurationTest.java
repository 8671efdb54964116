package io.loggos.paxos.core.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.NodeId;
import io.loggos.paxos.core.Lone;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationTest {
    /** <i>Paxos Made Simple</i>, section 2.2: every pair of majorities has an acceptor in common. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9})
    void anyTwoQuorumsIntersect(int size) {
        Configuration configuration = Lone.voters(size);
        for (long one = 0; one < 1L << size; one++) {
            if (!configuration.isQuorum(one)) {
                continue;
            }
            for (long other = 0; other < 1L << size; other++) {
                if (configuration.isQuorum(other)) {
                    assertNotEquals(0, one & other);
                }
            }
        }
    }

    /** The table of quorum sizes. No smaller set is a quorum. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9})
    void quorumIsTheSmallestMajority(int size) {
        Configuration configuration = Lone.voters(size);
        int smallest = new int[] {1, 2, 2, 3, 3, 4, 4, 5, 5}[size - 1];

        assertTrue(configuration.isQuorum(smallest));
        assertFalse(configuration.isQuorum(smallest - 1));
        assertTrue(configuration.isQuorum((1L << size) - 1));
        assertFalse(configuration.isQuorum(0L));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 9})
    void eachVoterHasABitAndNobodyElse(int size) {
        Configuration configuration = Lone.voters(size);
        long all = 0;
        for (NodeId voter : configuration.voters()) {
            assertEquals(1, Long.bitCount(configuration.bit(voter)));
            all |= configuration.bit(voter);
        }
        assertEquals((1L << size) - 1, all);
        assertEquals(0, configuration.bit(NodeId.of(size + 1)));
    }
}
