package io.loggos.storage.kv.lease;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.kv.HeldLease;
import io.loggos.api.kv.KeyValueException;
import io.loggos.api.kv.KeyValueException.Reason;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** Held leases and renewals in virtual time. */
class KeptLeaseTest {
    private final SimLog log = new SimLog(1);
    private final SimNode node = log.nodes.get(0);

    private HeldLease hold() {
        log.elect();
        CompletableFuture<HeldLease> held = node.leases().hold(Duration.ofSeconds(5));
        run(2);
        return held.join();
    }

    private void run(long seconds) {
        log.run(log.nowNanos + seconds * SimLog.SECOND);
    }

    private boolean exists(HeldLease lease) {
        return node.machine().leases().exists(lease.id());
    }

    @Test
    void aHeldLeaseLivesUntilItIsClosed() {
        HeldLease lease = hold();
        assertEquals(Duration.ofSeconds(5), lease.ttl());
        run(120);
        assertTrue(exists(lease));
        assertFalse(lease.lost().isDone());
        lease.close();
        assertTrue(lease.lost().isDone());
        run(1);
        assertFalse(exists(lease));
    }

    @Test
    void theHolderLearnsThatTheLeaseWasRevoked() {
        HeldLease lease = hold();
        CompletableFuture<Long> revoked = log.nodes.get(1).leases().revoke(lease.id());
        run(3);
        assertTrue(revoked.isDone());
        assertTrue(lease.lost().isDone());
    }

    /** The holder counts from the renewal that it sent last, so it stops before the log lets the lease expire. */
    @Test
    void theHolderStopsWhenNoRenewalIsAnsweredForTheTimeToLive() {
        HeldLease lease = hold();
        log.fall();
        log.leader = null;
        log.end(); // Nothing is chosen any more.
        run(6);
        assertTrue(lease.lost().isDone());
        assertTrue(exists(lease));
    }

    @Test
    void renewalsShareOneCommandAndAreAnsweredEach() {
        HeldLease lease = hold();
        int before = log.entries.size();
        CompletableFuture<Duration> first = node.leases().keepAlive(lease.id());
        CompletableFuture<Duration> same = node.leases().keepAlive(lease.id());
        CompletableFuture<Duration> none = node.leases().keepAlive(99);
        assertTrue(same.cancel(false));
        run(1);
        assertEquals(Duration.ofSeconds(5), first.join());
        CompletionException failure = assertThrows(CompletionException.class, none::join);
        assertEquals(Reason.LEASE_NOT_FOUND, ((KeyValueException) failure.getCause()).reason());
        assertTrue(log.entries.size() <= before + 2, "one command, and perhaps one of the holder");
    }
}
