package io.loggos.storage.kv.lease;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.kv.KeyValueException;
import io.loggos.api.kv.KeyValueException.Reason;
import io.loggos.storage.kv.lease.LeaseTable.Claim;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LeaseTableTest {
    private final LeaseTable table = new LeaseTable();

    /** A lease of the model: what it is called and when it was renewed, in a time that log and clock share. */
    private record Model(long ttlMillis, long renewedMillis, int version) {}

    @Test
    void aRandomHistoryAgreesWithTheModel() {
        for (long seed = 1; seed <= 200; seed++) {
            new History(seed).run();
        }
    }

    private static final class History {
        private final String where;
        private final Random random;
        private final LeaseTable table = new LeaseTable();
        private final Map<Long, Model> model = new HashMap<>();
        /** Claims that were made, with the version of the lease that they name. */
        private final Map<Claim, Integer> claims = new HashMap<>();

        private long nowMillis = 1_000;

        History(long seed) {
            where = "seed " + seed;
            random = new Random(seed);
        }

        void run() {
            for (int i = 0; i < 400; i++) {
                nowMillis += random.nextInt(400);
                table.at(nowMillis);
                step(1 + random.nextInt(6));
                assertEquals(model.size(), table.size(), where);
            }
        }

        private void step(long id) {
            Model before = model.get(id);
            LeaseEntry lease = table.get(id);
            assertEquals(before == null, lease == null, where);
            switch (random.nextInt(6)) {
                case 0 -> {
                    if (before == null) {
                        long ttl = random.nextLong(1, 4_001);
                        long raised = Math.max(2_000, ttl);
                        assertEquals(raised, table.grant(id, ttl, nowMillis).ttlMillis, where);
                        model.put(id, new Model(raised, nowMillis, random.nextInt()));
                    } else {
                        assertThrows(KeyValueException.class, () -> table.grant(id, 1, nowMillis), where);
                    }
                }
                case 1, 2 -> {
                    if (lease != null && before != null) {
                        table.renew(lease, nowMillis);
                        model.put(id, new Model(before.ttlMillis(), nowMillis, random.nextInt()));
                    }
                }
                case 3 -> {
                    if (random.nextInt(10) == 0) {
                        table.takeOver(nowMillis);
                        model.replaceAll((any, each) -> new Model(each.ttlMillis(), nowMillis, random.nextInt()));
                    }
                }
                case 4 -> claim();
                default -> expire();
            }
        }

        private void claim() {
            for (Claim claim : table.due(nowMillis, 3)) {
                Model each = Objects.requireNonNull(model.get(claim.id()), where);
                assertTrue(nowMillis >= each.renewedMillis() + each.ttlMillis(), where + ": early");
                claims.put(claim, each.version());
            }
        }

        /** Decides old and new claims. One holds exactly if its lease was not renewed since. */
        private void expire() {
            for (Claim claim : new ArrayList<>(claims.keySet())) {
                if (random.nextBoolean()) {
                    Model each = model.get(claim.id());
                    boolean holds = each != null && each.version() == Objects.requireNonNull(claims.remove(claim));
                    assertEquals(holds, table.isExpired(claim), where);
                    if (holds) {
                        assertNotNull(table.remove(claim.id()), where);
                        model.remove(claim.id());
                    }
                }
            }
        }
    }

    @Test
    void aLeaseIsDueWhenItsTimeIsOverAndNamedAgainAfterASecond() {
        table.grant(1, 5_000, 100);
        assertEquals(List.of(), table.due(5_099, 10));
        assertEquals(List.of(new Claim(1, 1)), table.due(5_100, 10));
        assertEquals(List.of(), table.due(6_099, 10));
        assertEquals(List.of(new Claim(1, 1)), table.due(6_100, 10));
    }

    @Test
    void aClaimThatLogTimeDoesNotConfirmIsRefused() {
        table.at(50_000);
        table.grant(1, 10_000, 0);
        table.at(58_998);
        assertFalse(table.isExpired(new Claim(1, 1)), "RULES.md SS-1: the clock of the proposer is wrong");
        table.at(59_000);
        assertTrue(table.isExpired(new Claim(1, 1)));
    }

    @Test
    void aTakeoverIsARenewalOfAll() {
        table.at(1_000);
        table.grant(1, 5_000, 0);
        table.at(5_500);
        table.takeOver(4_500);
        assertEquals(List.of(), table.due(9_499, 10));
        table.at(10_500);
        assertFalse(table.isExpired(new Claim(1, 1)));
        assertEquals(List.of(new Claim(1, 2)), table.due(9_500, 10));
        assertTrue(table.isExpired(new Claim(1, 2)));
        table.renew(Objects.requireNonNull(table.get(1)), 9_600);
        assertFalse(table.isExpired(new Claim(1, 2)));
    }

    @Test
    void whatCannotBeGrantedIsRefused() {
        assertEquals(9_000_000_000_000L, table.grant(1, 9_000_000_000_000L, 0).ttlMillis);
        assertRefused(Reason.LEASE_EXISTS, 1, 5_000);
        assertRefused(Reason.LEASE_TTL_TOO_LARGE, 2, 9_000_000_000_001L);
        assertRefused(Reason.LEASE_NOT_FOUND, 0, 5_000);
        table.remove(1);
        assertEquals(2, table.grant(1, 5_000, 0).renewal, "another lease, which no old claim names");
    }

    private void assertRefused(Reason reason, long id, long ttlMillis) {
        assertEquals(
                reason,
                assertThrows(KeyValueException.class, () -> table.grant(id, ttlMillis, 0))
                        .reason());
    }
}
