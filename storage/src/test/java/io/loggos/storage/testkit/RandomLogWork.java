package io.loggos.storage.testkit;

import io.loggos.api.Ballot;
import io.loggos.api.Bytes;
import io.loggos.api.LogId;
import io.loggos.api.spi.LogRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * Draws writes such as acceptors make, for a few logs. Ballots rise; slots are accepted out of order, and again at a higher
 * ballot; values are learned, chosen and truncated behind. The work is a function of its random source.
 */
public final class RandomLogWork {
    private static final int WINDOW = 12;

    /** Position of the acceptor of one log. */
    private static final class Acceptor {
        private Ballot promised = Ballot.ZERO;
        private long chosenThrough;
        private long truncatedBelow = 1;
    }

    private final RandomGenerator random;
    private final List<LogId> logs;
    private final TreeMap<LogId, Acceptor> acceptors = new TreeMap<>();

    public RandomLogWork(RandomGenerator random, List<LogId> logs) {
        this.random = random;
        this.logs = List.copyOf(logs);
        logs.forEach(log -> acceptors.put(log, new Acceptor()));
    }

    /** The next write: one to six records, or at times none. */
    public List<LogRecord> nextWrite() {
        List<LogRecord> records = new ArrayList<>();
        int count = random.nextInt(20) == 0 ? 0 : random.nextInt(1, 7);
        for (int i = 0; i < count; i++) {
            LogId log = logs.get(random.nextInt(logs.size()));
            records.add(nextRecord(log, acceptors.get(log)));
        }
        return records;
    }

    /** The next write of which nothing asks to be synced. */
    public List<LogRecord> nextUnsyncedWrite() {
        while (true) {
            List<LogRecord> records = new ArrayList<>(nextWrite());
            records.removeIf(LogRecord::synced);
            if (!records.isEmpty()) {
                return records;
            }
        }
    }

    /** A slot at which there may be something, or not. */
    public long anySlot(LogId log) {
        return random.nextLong(acceptors.get(log).chosenThrough + WINDOW) + 1;
    }

    private LogRecord nextRecord(LogId log, Acceptor acceptor) {
        return switch (random.nextInt(10)) {
            case 0 -> {
                acceptor.promised = new Ballot(acceptor.promised.round() + random.nextInt(1, 3), random.nextInt(1, 6));
                yield new LogRecord.Promised(log, acceptor.promised);
            }
            case 1 -> {
                acceptor.chosenThrough += random.nextInt(4);
                yield new LogRecord.ChosenThrough(log, acceptor.chosenThrough);
            }
            case 2 -> {
                if (random.nextInt(4) == 0) {
                    acceptor.truncatedBelow =
                            Math.max(acceptor.truncatedBelow, acceptor.chosenThrough - random.nextInt(6));
                }
                yield new LogRecord.TruncatedBelow(log, acceptor.truncatedBelow);
            }
            case 3 -> new LogRecord.Learned(log, anySlot(log), ballot(acceptor), value());
            default -> new LogRecord.Accepted(log, anySlot(log), ballot(acceptor), value());
        };
    }

    private Ballot ballot(Acceptor acceptor) {
        return acceptor.promised.isZero() ? new Ballot(1, 1) : acceptor.promised;
    }

    private Bytes value() {
        byte[] value = new byte[random.nextInt(8) == 0 ? random.nextInt(5000) : random.nextInt(100)];
        random.nextBytes(value);
        return Bytes.wrap(value);
    }
}
