package io.loggos.storage.rocksdb.log;

import io.loggos.api.Ballot;
import io.loggos.api.spi.LogRecord;
import io.loggos.internal.codec.ByteReader;

/**
 * The state of a log besides its entries, which an acceptor must remember. No value in it ever decreases.
 *
 * @param promised the highest ballot promised [durable before it is answered]
 * @param chosenThrough every slot up to this one is chosen [durable with the next sync]
 * @param truncatedBelow slots below this one are deleted; at least 1 [durable with its write]
 * @param highest no entry is above this slot. It bounds the search where entries cannot be read. It is ahead of the
 *     entries by up to {@value #AHEAD}, so that not every entry changes it
 */
public record LogMarks(Ballot promised, long chosenThrough, long truncatedBelow, long highest) {
    /** Marks of a log that was never written. */
    static final LogMarks NONE = new LogMarks(Ballot.ZERO, 0, 1, 0);

    /** One less than a power of two. */
    private static final int AHEAD = 31;

    static final int BYTES = 12 + 3 * Long.BYTES;

    /**
     * Returns the marks after a record.
     *
     * @throws IllegalStateException for a promise below the current one, which is a bug in the caller
     */
    LogMarks after(LogRecord record) {
        if (record instanceof LogRecord.Promised promise) {
            if (promise.ballot().isBelow(promised)) {
                throw new IllegalStateException(promise + " after a promise of " + promised);
            }
            return promise.ballot().equals(promised)
                    ? this
                    : new LogMarks(promise.ballot(), chosenThrough, truncatedBelow, highest);
        }
        if (record instanceof LogRecord.Accepted accepted) {
            return holding(accepted.slot());
        }
        if (record instanceof LogRecord.Learned learned) {
            return holding(learned.slot());
        }
        if (record instanceof LogRecord.ChosenThrough chosen) {
            return chosen.slot() <= chosenThrough
                    ? this
                    : new LogMarks(promised, chosen.slot(), truncatedBelow, highest);
        }
        if (record instanceof LogRecord.Configured) {
            return this;
        }
        LogRecord.TruncatedBelow truncated = (LogRecord.TruncatedBelow) record;
        return truncated.slot() <= truncatedBelow
                ? this
                : new LogMarks(promised, Math.max(chosenThrough, truncated.slot() - 1), truncated.slot(), highest);
    }

    /** Combines two copies: takes the higher of the two for each value. */
    LogMarks max(LogMarks other) {
        return new LogMarks(
                promised.isBelow(other.promised) ? other.promised : promised,
                Math.max(chosenThrough, other.chosenThrough),
                Math.max(truncatedBelow, other.truncatedBelow),
                Math.max(highest, other.highest));
    }

    static LogMarks read(ByteReader reader) {
        LogMarks marks = new LogMarks(reader.getBallot(), reader.getCount(), reader.getCount(), reader.getCount());
        reader.end();
        return marks;
    }

    private LogMarks holding(long slot) {
        return slot <= highest ? this : new LogMarks(promised, chosenThrough, truncatedBelow, slot | AHEAD);
    }
}
