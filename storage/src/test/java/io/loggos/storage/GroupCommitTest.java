package io.loggos.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Ballot;
import io.loggos.api.Bytes;
import io.loggos.api.LogId;
import io.loggos.api.StorageException;
import io.loggos.api.node.StorageOptions;
import io.loggos.api.spi.AcceptorLog;
import io.loggos.api.spi.LogEntry;
import io.loggos.api.spi.LogRecord;
import io.loggos.api.spi.Meters;
import io.loggos.api.spi.RecoveredLog;
import io.loggos.storage.testkit.MemoryAcceptorLog;
import io.loggos.testkit.VirtualTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class GroupCommitTest {
    private static final LogId LOG = LogId.ofName("orders");
    private static final LogId OTHER = LogId.ofName("bank");
    private static final StorageOptions OPTIONS = StorageOptions.builder()
            .memtableBytes(1 << 20)
            .groupCommitBytes(64 << 10)
            .build();

    private final VirtualTime time = new VirtualTime();
    private final MemoryAcceptorLog disk = new MemoryAcceptorLog(1);
    private final List<List<LogRecord>> writes = new ArrayList<>();
    private final List<String> told = new ArrayList<>();
    private final List<String> measured = new ArrayList<>();
    private int woken;

    private final GroupCommit commit = groupCommit(new Recording());

    private GroupCommit groupCommit(AcceptorLog log) {
        return new GroupCommit(
                log,
                OPTIONS,
                new RecordingMeters(),
                time,
                new GroupCommit.Listener() {
                    @Override
                    public void durable(long through) {
                        told.add("durable " + through);
                    }

                    @Override
                    public void failed(StorageException cause) {
                        told.add("failed " + cause.kind());
                    }
                },
                () -> woken++);
    }

    /** The model, which records each write; a write takes 5 ms. */
    private class Recording implements AcceptorLog {
        @Override
        public void register(LogId log, String name) {
            disk.register(log, name);
        }

        @Override
        public Map<LogId, String> logs() {
            return Map.of();
        }

        @Override
        public RecoveredLog recover(LogId log) {
            return disk.recover(log);
        }

        @Override
        public void write(List<LogRecord> records) {
            writes.add(List.copyOf(records));
            time.runUntil(time.nanos() + 5_000_000);
            disk.write(records);
        }

        @Override
        public List<LogEntry> read(LogId log, long fromSlot, long throughSlot, int limitBytes) {
            return disk.read(log, fromSlot, throughSlot, limitBytes);
        }

        @Override
        public void close() {}
    }

    private class RecordingMeters implements Meters {
        @Override
        public Counter counter(String name, String... tags) {
            return amount -> measured.add(name + "+" + amount);
        }

        @Override
        public Timer timer(String name, String... tags) {
            return nanos -> measured.add(name + "=" + nanos);
        }

        @Override
        public Summary summary(String name, String unit, String... tags) {
            return amount -> measured.add(name + "=" + amount + " " + unit);
        }

        @Override
        public void gauge(String name, LongSupplier value, String... tags) {}
    }

    private static LogRecord accepted(LogId log, long slot, int bytes) {
        return new LogRecord.Accepted(log, slot, new Ballot(1, 1), Bytes.wrap(new byte[bytes]));
    }

    @Test
    void whatQueuedIsOneWriteInTheOrderOfItsSubmission() {
        List<LogRecord> first = List.of(accepted(LOG, 1, 10), accepted(LOG, 2, 10));
        List<LogRecord> second = List.of(accepted(OTHER, 1, 10));
        List<LogRecord> third = List.of(new LogRecord.ChosenThrough(LOG, 1));
        assertEquals(1, commit.submit(first));
        assertEquals(2, commit.submit(second));
        assertEquals(3, commit.submit(third));
        assertEquals(3, woken);
        assertEquals(List.of(), told);
        assertEquals(4, commit.doWork());
        assertEquals(List.of(List.of(first.get(0), first.get(1), second.get(0), third.get(0))), writes);
        assertEquals(List.of("durable 3"), told);
        assertEquals(0, commit.doWork());
        assertEquals(1, writes.size());
    }

    @Test
    void aGroupEndsAtTheLimitAndNeverWithinASubmission() {
        commit.submit(List.of(accepted(LOG, 1, 40_000)));
        commit.submit(List.of(accepted(LOG, 2, 20_000), accepted(LOG, 3, 20_000)));
        commit.submit(List.of(accepted(LOG, 4, 100)));
        commit.submit(List.of(accepted(LOG, 5, 200_000)));
        commit.submit(List.of(accepted(LOG, 6, 1)));
        List<Integer> did = new ArrayList<>();
        for (int work = commit.doWork(); work > 0; work = commit.doWork()) {
            did.add(work);
        }
        assertEquals(List.of(1, 3, 1, 1), did);
        assertEquals(List.of("durable 1", "durable 3", "durable 4", "durable 5"), told);
    }

    @Test
    void aSubmissionWithoutRecordsIsDurableInItsTurn() {
        commit.submit(List.of());
        assertEquals(1, commit.doWork());
        assertEquals(List.of(), writes);
        assertEquals(List.of("durable 1"), told);
    }

    /** The queue is bounded in bytes and, since no record is free, in records. */
    @Test
    void aQueueThatIsFullHasRoomAgainOnceItIsWritten() {
        long room = GroupCommit.roomBytes(OPTIONS);
        int submissions = 0;
        while (commit.hasRoom(0)) {
            commit.submit(List.of(new LogRecord.ChosenThrough(LOG, ++submissions)));
        }
        assertEquals(room / (32 + GroupCommit.RECORD_BYTES) + 1, submissions);
        while (commit.doWork() > 0) {}
        assertTrue(commit.hasRoom(room - 1));
        assertFalse(commit.hasRoom(room));
    }

    /** The group that is being written is in memory, too. */
    @Test
    void aGroupTakesRoomUntilItIsWritten() {
        long room = GroupCommit.roomBytes(OPTIONS);
        GroupCommit[] full = new GroupCommit[1];
        List<Boolean> during = new ArrayList<>();
        full[0] = groupCommit(new Recording() {
            @Override
            public void write(List<LogRecord> records) {
                during.add(full[0].hasRoom(0));
                super.write(records);
            }
        });
        full[0].submit(List.of(accepted(LOG, 1, (int) room)));
        full[0].doWork();
        assertEquals(List.of(false), during);
        assertTrue(full[0].hasRoom(0));
    }

    /** Nothing waits for a disk that has failed, so nobody is held up by it. */
    @Test
    void aFailureFreesTheRoom() {
        disk.failNextWrite(new StorageException(StorageException.Kind.IO, "gone"));
        commit.submit(List.of(accepted(LOG, 1, (int) GroupCommit.roomBytes(OPTIONS))));
        assertFalse(commit.hasRoom(0));
        commit.doWork();
        assertTrue(commit.hasRoom(0));
    }

    @Test
    void aFailureIsToldOnceAndNothingIsDurableAfterIt() {
        commit.submit(List.of(accepted(LOG, 1, 1)));
        commit.doWork();
        StorageException full = new StorageException(StorageException.Kind.STORAGE_FULL, "no room");
        disk.failNextWrite(full);
        commit.submit(List.of(accepted(LOG, 2, 1)));
        commit.submit(List.of(accepted(LOG, 3, 1)));
        assertEquals(0, commit.doWork());
        disk.reopen(); // no later write reaches the log, even if the log would accept it
        assertEquals(4, commit.submit(List.of(accepted(LOG, 4, 1))));
        assertEquals(0, commit.doWork());
        assertEquals(List.of("durable 1", "failed STORAGE_FULL"), told);
        assertEquals(2, writes.size());
    }

    @Test
    void aLogThatBreaksCountsAsFailed() {
        commit.submit(List.of(new LogRecord.Promised(LOG, new Ballot(2, 1))));
        commit.submit(List.of(new LogRecord.Promised(LOG, new Ballot(1, 1))));
        commit.doWork();
        assertEquals(List.of("failed IO"), told);
    }

    @Test
    void eachWriteIsMeasured() {
        commit.submit(List.of(accepted(LOG, 1, 100), new LogRecord.ChosenThrough(LOG, 1)));
        commit.doWork();
        assertEquals(
                List.of(
                        "loggos.storage.commit=5000000",
                        "loggos.storage.commit.bytes=180 bytes",
                        "loggos.storage.commit.records=2 records"),
                measured);
        assertEquals("storage", commit.name());
    }

    @Test
    void submissionsOfOneThreadAreCommittedByAnother() {
        Thread submitter = new Thread(() -> {
            for (int slot = 1; slot <= 5000; slot++) {
                commit.submit(List.of(accepted(LOG, slot, 10)));
            }
        });
        submitter.start();
        Awaitility.await().pollInSameThread().until(() -> {
            while (commit.doWork() > 0) {}
            return told.contains("durable 5000");
        });
        long slot = 0;
        for (List<LogRecord> write : writes) {
            for (LogRecord record : write) {
                assertEquals(++slot, ((LogRecord.Accepted) record).slot());
            }
        }
        assertEquals(5000, slot);
    }
}
