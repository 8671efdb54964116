package io.loggos.storage.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Ballot;
import io.loggos.api.Bytes;
import io.loggos.api.LogId;
import io.loggos.api.StorageException;
import io.loggos.api.spi.AcceptorLog;
import io.loggos.api.spi.LogEntry;
import io.loggos.api.spi.LogRecord;
import io.loggos.api.spi.RecoveredLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Contract of every {@link AcceptorLog}. The author of one extends this class and says how to open it. */
public abstract class AcceptorLogContract {
    protected static final LogId LOG = LogId.ofName("orders");
    protected static final LogId OTHER = LogId.ofName("bank");
    private static final Ballot ONE = new Ballot(1, 1);
    private static final Ballot TWO = new Ballot(2, 3);

    private AcceptorLog log;

    /** Opens the store of this test: new at first, and the same each time after that. */
    protected abstract AcceptorLog open();

    /** Ends the log as a loss of power would; what was not synced may be gone. Closing it is the mildest form. */
    protected void crash(AcceptorLog crashed) {
        crashed.close();
    }

    @BeforeEach
    void openLog() {
        log = open();
    }

    @AfterEach
    void closeLog() {
        log.close();
    }

    private void reopen() {
        log.close();
        log = open();
    }

    private void crashAndOpen() {
        crash(log);
        log = open();
    }

    private static LogRecord accepted(long slot, Ballot ballot, String value) {
        return new LogRecord.Accepted(LOG, slot, ballot, Bytes.utf8(value));
    }

    private static LogEntry entry(long slot, Ballot ballot, String value) {
        return LogEntry.of(slot, ballot, Bytes.utf8(value));
    }

    private List<LogEntry> readAll() {
        return log.read(LOG, 1, Long.MAX_VALUE, Integer.MAX_VALUE);
    }

    @Test
    void nothingIsHeldOfALogThatWasNeverWritten() {
        assertEquals(RecoveredLog.EMPTY, log.recover(LOG));
        assertEquals(List.of(), readAll());
    }

    @Test
    void aPromiseOutlivesACrash() {
        log.write(List.of(new LogRecord.Promised(LOG, TWO)));
        assertEquals(TWO, log.recover(LOG).promised());
        crashAndOpen();
        assertEquals(new RecoveredLog(TWO, 0, 1, List.of(), null), log.recover(LOG));
        assertEquals(RecoveredLog.EMPTY, log.recover(OTHER));
    }

    @Test
    void aPromiseIsNeverReplacedByALowerOne() {
        log.write(List.of(new LogRecord.Promised(LOG, TWO)));
        List<LogRecord> lower = List.of(new LogRecord.Promised(LOG, ONE));
        assertThrows(IllegalStateException.class, () -> log.write(lower));
        reopen();
        assertEquals(TWO, log.recover(LOG).promised());
        assertThrows(IllegalStateException.class, () -> log.write(lower));
    }

    @Test
    void anAcceptedValueOutlivesACrashAndGivesWayToAHigherBallot() {
        log.write(List.of(accepted(1, ONE, "a"), accepted(3, ONE, "c")));
        log.write(List.of(accepted(1, TWO, "b")));
        crashAndOpen();
        List<LogEntry> expected = List.of(entry(1, TWO, "b"), entry(3, ONE, "c"));
        assertEquals(expected, readAll());
        assertEquals(expected, log.recover(LOG).open());
    }

    /** A configuration is durable with the next sync, which is before anything is answered in it. */
    @Test
    void aConfigurationOutlivesACrashOnceAPromiseFollows() {
        LogRecord.Configured second = new LogRecord.Configured(LOG, 2, 1, ONE, Bytes.utf8("second"));
        LogRecord.Configured third = new LogRecord.Configured(LOG, 3, 7, TWO, Bytes.utf8("third"));
        log.write(List.of(second, new LogRecord.ChosenThrough(LOG, 1)));
        log.write(List.of(new LogRecord.Promised(LOG, TWO)));
        crashAndOpen();
        assertEquals(new RecoveredLog(TWO, 1, 1, List.of(), second), log.recover(LOG));

        log.write(List.of(third, new LogRecord.ChosenThrough(LOG, 7), new LogRecord.Promised(LOG, TWO)));
        assertEquals(third, log.recover(LOG).configured());
        crashAndOpen();
        assertEquals(third, log.recover(LOG).configured());
        assertEquals(RecoveredLog.EMPTY, log.recover(OTHER));
    }

    @Test
    void registeredLogsAreListed() {
        assertEquals(Map.of(), log.logs());
        log.register(LOG, "one");
        log.register(OTHER, "other");
        assertEquals(Map.of(LOG, "one", OTHER, "other"), log.logs());
        crashAndOpen();
        assertEquals(Map.of(LOG, "one", OTHER, "other"), log.logs());
    }

    @Test
    void aSyncedWriteCarriesTheUnsyncedOnesBeforeIt() {
        log.write(List.of(new LogRecord.Learned(LOG, 1, ONE, Bytes.utf8("a"))));
        log.write(List.of(new LogRecord.ChosenThrough(LOG, 1)));
        log.write(List.of(accepted(2, ONE, "b")));
        crashAndOpen();
        assertEquals(new RecoveredLog(Ballot.ZERO, 1, 1, List.of(entry(2, ONE, "b")), null), log.recover(LOG));
        assertEquals(List.of(entry(1, ONE, "a"), entry(2, ONE, "b")), readAll());
    }

    @Test
    void recoveryLooksOnlyAboveWhatIsChosen() {
        log.write(List.of(accepted(1, ONE, "a"), accepted(2, ONE, "b"), accepted(4, ONE, "d")));
        log.write(List.of(new LogRecord.ChosenThrough(LOG, 2), new LogRecord.ChosenThrough(LOG, 1)));
        assertEquals(new RecoveredLog(Ballot.ZERO, 2, 1, List.of(entry(4, ONE, "d")), null), log.recover(LOG));
    }

    @Test
    void truncatedSlotsAreGoneAndCountAsChosen() {
        log.write(List.of(accepted(1, ONE, "a"), accepted(2, ONE, "b"), accepted(3, ONE, "c")));
        log.write(List.of(new LogRecord.TruncatedBelow(LOG, 3), new LogRecord.TruncatedBelow(LOG, 2)));
        log.write(List.of(accepted(2, TWO, "late"), accepted(9, ONE, "i")));
        for (int i = 0; i < 2; i++) {
            assertEquals(List.of(entry(3, ONE, "c"), entry(9, ONE, "i")), readAll());
            RecoveredLog recovered = log.recover(LOG);
            assertEquals(3, recovered.truncatedBelow());
            assertEquals(2, recovered.chosenThrough());
            reopen();
        }
    }

    @Test
    void recordsOfOneWriteTakeEffectInTheirOrder() {
        log.write(List.of(
                accepted(1, ONE, "a"),
                accepted(2, ONE, "b"),
                new LogRecord.TruncatedBelow(LOG, 2),
                accepted(2, TWO, "c")));
        assertEquals(List.of(entry(2, TWO, "c")), readAll());
    }

    @Test
    void logsDoNotTouchEachOther() {
        log.write(List.of(
                accepted(1, ONE, "mine"),
                new LogRecord.Accepted(OTHER, 1, TWO, Bytes.utf8("theirs")),
                new LogRecord.TruncatedBelow(OTHER, 1)));
        log.write(List.of(new LogRecord.TruncatedBelow(OTHER, 5)));
        assertEquals(List.of(entry(1, ONE, "mine")), readAll());
        assertEquals(List.of(), log.read(OTHER, 1, Long.MAX_VALUE, Integer.MAX_VALUE));
    }

    @Test
    void readsKeepToTheSlotsAndAboutToTheBytesAskedFor() {
        List<LogRecord> records = new ArrayList<>();
        for (int slot = 1; slot <= 20; slot++) {
            records.add(new LogRecord.Accepted(LOG, slot, ONE, Bytes.wrap(new byte[1000])));
        }
        log.write(records);
        assertEquals(
                List.of(5L, 6L, 7L),
                log.read(LOG, 5, 7, Integer.MAX_VALUE).stream()
                        .map(LogEntry::slot)
                        .toList());
        assertEquals(1, log.read(LOG, 5, 20, 0).size());
        int some = log.read(LOG, 1, 20, 10_000).size();
        assertTrue(some >= 5 && some <= 11, () -> "entries of 1,000 bytes for 10,000: " + some);
        assertEquals(List.of(), log.read(LOG, 21, Long.MAX_VALUE, 1000));
        assertEquals(List.of(), log.read(LOG, 7, 5, 1000));
    }

    @Test
    void largeAndEmptyValuesComeBackWhole() {
        byte[] large = new byte[3 << 20];
        new SplittableRandom(7).nextBytes(large);
        log.write(List.of(
                new LogRecord.Accepted(LOG, 1, ONE, Bytes.wrap(large)),
                new LogRecord.Accepted(LOG, 2, ONE, Bytes.EMPTY),
                new LogRecord.Accepted(LOG, 3, ONE, Bytes.wrap(large, 100, 200))));
        reopen();
        assertEquals(
                List.of(
                        LogEntry.of(1, ONE, Bytes.wrap(large)),
                        LogEntry.of(2, ONE, Bytes.EMPTY),
                        LogEntry.of(3, ONE, Bytes.wrap(large, 100, 200))),
                readAll());
    }

    @Test
    void oneNumberHasOneName() {
        log.register(LOG, "orders");
        log.register(LOG, "orders");
        reopen();
        log.register(LOG, "orders");
        assertThrows(StorageException.class, () -> log.register(LOG, "another"));
        log.register(OTHER, "bank");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void randomWorkLeavesWhatTheModelSays(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        MemoryAcceptorLog model = new MemoryAcceptorLog(1);
        List<LogId> logs = List.of(LOG, OTHER, LogId.ofName("third"));
        RandomLogWork work = new RandomLogWork(random, logs);
        for (int i = 0; i < 400; i++) {
            List<LogRecord> write = work.nextWrite();
            log.write(write);
            model.write(write);
            if (random.nextInt(40) == 0) {
                reopen();
                model.reopen();
            }
            LogId some = logs.get(random.nextInt(logs.size()));
            long from = work.anySlot(some);
            long through = from + random.nextInt(20);
            int limit = random.nextInt(4000);
            assertEquals(model.recover(some), log.recover(some), () -> "seed " + seed);
            assertEquals(
                    model.read(some, from, through, Integer.MAX_VALUE),
                    log.read(some, from, through, Integer.MAX_VALUE),
                    () -> "seed " + seed);
            List<LogEntry> limited = log.read(some, from, through, limit);
            assertEquals(
                    model.read(some, from, through, Integer.MAX_VALUE).subList(0, limited.size()),
                    limited,
                    () -> "seed " + seed);
        }
    }
}
