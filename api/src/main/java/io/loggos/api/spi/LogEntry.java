package io.loggos.api.spi;

import io.loggos.api.Ballot;
import io.loggos.api.Bytes;

/**
 * The entry of an acceptor log for one slot.
 *
 * @param slot the slot
 * @param ballot the ballot in which the value was accepted
 * @param value the value
 * @param faulty true if the record exists and its checksum is wrong. Such an entry is neither empty nor accepted; its
 *     ballot is zero and its value empty
 */
public record LogEntry(long slot, Ballot ballot, Bytes value, boolean faulty) {
    /** Returns a sound entry. */
    public static LogEntry of(long slot, Ballot ballot, Bytes value) {
        return new LogEntry(slot, ballot, value, false);
    }

    /** Returns the entry of a record with a wrong checksum. */
    public static LogEntry faultyAt(long slot) {
        return new LogEntry(slot, Ballot.ZERO, Bytes.EMPTY, true);
    }
}
