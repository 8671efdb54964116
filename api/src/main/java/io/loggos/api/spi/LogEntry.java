package io.loggos.api.spi;

import io.loggos.api.Ballot;
import io.loggos.api.Bytes;

/**
 * What an acceptor log holds for one slot.
 *
 * @param faulty the record is there and does not check: neither empty nor accepted. Ballot and value are then
 *     zero and empty
 */
public record LogEntry(long slot, Ballot ballot, Bytes value, boolean faulty) {
    /** A sound record. */
    public static LogEntry of(long slot, Ballot ballot, Bytes value) {
        return new LogEntry(slot, ballot, value, false);
    }

    /** A record that does not check. */
    public static LogEntry faultyAt(long slot) {
        return new LogEntry(slot, Ballot.ZERO, Bytes.EMPTY, true);
    }
}
