package io.loggos.storage.kv.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

/** The times for which tokens are known. */
class TokenTableTest {
    private long now;
    private final TokenTable tokens = new TokenTable(300, () -> now);

    @Test
    void aTokenEndsWhenItIsNotUsed() {
        tokens.add("token", "ann", 0);
        now = 299;
        assertEquals("ann", tokens.use("token"));
        now = 598;
        assertEquals("ann", tokens.use("token"));
        now = 898;
        assertNull(tokens.use("token"));
    }

    @Test
    void anotherTimeCountsForAllTokens() {
        tokens.add("before", "ann", 0);
        tokens.keep(10);
        tokens.add("after", "bob", 0);
        now = 9;
        assertEquals("ann", tokens.use("before"));
        now = 10;
        assertNull(tokens.use("after"));
        now = 19;
        assertNull(tokens.use("before"));
    }

    @Test
    void aTokenThatIsTooOldIsNotAdded() {
        tokens.keep(10);
        tokens.add("old", "ann", 10);
        assertNull(tokens.use("old"));
    }

    @Test
    void aTimeIsPositive() {
        assertThrows(IllegalArgumentException.class, () -> tokens.keep(0));
    }
}
