package io.loggos.benchmarks.systems.servers.client;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class MembersTest {
    private static final Members.State STATE = new Members.State(101, 50, 7);

    @Test
    void membersAgreeOnTheSameStateWithEveryPutInIt() {
        assertTrue(Members.agree(List.of(STATE, STATE, STATE), 101));
    }

    @Test
    void aPutThatIsMissingIsFound() {
        assertFalse(Members.agree(List.of(STATE, STATE, STATE), 102));
    }

    @Test
    void aMemberThatDiffersIsFound() {
        assertFalse(Members.agree(List.of(STATE, STATE, new Members.State(101, 50, 8)), 101));
        assertFalse(Members.agree(List.of(STATE, STATE, new Members.State(101, 49, 7)), 101));
        assertFalse(Members.agree(List.of(STATE, new Members.State(100, 50, 7), STATE), 101));
    }
}
