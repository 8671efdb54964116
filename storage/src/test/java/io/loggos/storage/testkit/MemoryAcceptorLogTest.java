package io.loggos.storage.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Ballot;
import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.StorageException;
import io.loggos.api.spi.AcceptorLog;
import io.loggos.api.spi.LogEntry;
import io.loggos.api.spi.LogRecord;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The model keeps the contract too, and its faults are those of a disk. */
class MemoryAcceptorLogTest extends AcceptorLogContract {
    private final MemoryAcceptorLog disk = new MemoryAcceptorLog(7);
    private final SplittableRandom random = new SplittableRandom(42);

    @Override
    protected AcceptorLog open() {
        disk.reopen();
        return disk;
    }

    @Override
    protected void crash(AcceptorLog crashed) {
        disk.crash(random);
    }

    private static LogRecord chosen(long slot) {
        return new LogRecord.ChosenThrough(LOG, slot);
    }

    @Test
    void aCrashForgetsASuffixOfWhatWasNotSynced() {
        TreeSet<Long> seen = new TreeSet<>();
        for (int i = 0; i < 100; i++) {
            MemoryAcceptorLog log = new MemoryAcceptorLog(1);
            log.write(List.of(new LogRecord.Promised(LOG, new Ballot(1, 1)), chosen(1)));
            log.write(List.of(chosen(2)));
            log.write(List.of(chosen(3)));
            assertEquals(3, log.recover(LOG).chosenThrough());
            log.crash(random);
            seen.add(log.recover(LOG).chosenThrough());
        }
        assertEquals(new TreeSet<>(List.of(1L, 2L, 3L)), seen);
    }

    @Test
    void aFailedWriteIsFinalUntilReopened() {
        StorageException full = new StorageException(StorageException.Kind.STORAGE_FULL, "no room");
        disk.failNextWrite(full);
        List<LogRecord> write = List.of(chosen(1));
        assertSame(full, assertThrows(StorageException.class, () -> disk.write(write)));
        assertSame(full, assertThrows(StorageException.class, () -> disk.write(write)));
        disk.reopen();
        disk.write(write);
        assertEquals(1, disk.recover(LOG).chosenThrough());
    }

    @Test
    void whatAFailedWriteLeavesIsOpen() {
        TreeSet<Long> seen = new TreeSet<>();
        for (int i = 0; i < 50; i++) {
            MemoryAcceptorLog log = new MemoryAcceptorLog(1);
            log.failNextWrite(new StorageException(StorageException.Kind.IO, "sync failed"));
            List<LogRecord> write = List.of(chosen(5));
            assertThrows(StorageException.class, () -> log.write(write));
            log.crash(random);
            seen.add(log.recover(LOG).chosenThrough());
        }
        assertEquals(new TreeSet<>(List.of(0L, 5L)), seen);
    }

    @Test
    void aRottenRecordIsFaultyUntilItIsReplaced() {
        Ballot ballot = new Ballot(1, 1);
        disk.write(List.of(new LogRecord.Accepted(LOG, 1, ballot, Bytes.utf8("a"))));
        assertFalse(disk.corrupt(LOG, 2));
        assertTrue(disk.corrupt(LOG, 1));
        assertEquals(List.of(LogEntry.faultyAt(1)), disk.recover(LOG).open());
        disk.crash(random);
        assertEquals(List.of(LogEntry.faultyAt(1)), disk.read(LOG, 1, 1, 0));
        disk.write(List.of(new LogRecord.Learned(LOG, 1, ballot, Bytes.utf8("a"))));
        assertEquals(List.of(LogEntry.of(1, ballot, Bytes.utf8("a"))), disk.read(LOG, 1, 1, 0));
    }

    @Test
    void theRosterKeepsTheFirstIncarnationItMet() {
        NodeId peer = NodeId.of(2);
        assertEquals(7, disk.incarnation());
        assertEquals(Optional.empty(), disk.met(peer));
        assertTrue(disk.meet(peer, 11));
        assertTrue(disk.meet(peer, 11));
        assertFalse(disk.meet(peer, 12));
        disk.rememberedBy(peer);
        disk.crash(random);
        assertEquals(Optional.of(11L), disk.met(peer));
        assertEquals(new TreeSet<>(List.of(peer)), disk.rememberedBy());
    }
}
