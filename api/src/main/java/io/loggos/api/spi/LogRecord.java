package io.loggos.api.spi;

import io.loggos.api.Ballot;
import io.loggos.api.Bytes;
import io.loggos.api.LogId;

/** One change of an acceptor log. */
public sealed interface LogRecord {
    /** The log that it changes. */
    LogId log();

    /** True if the record counts only once it is synced. Other records keep their place in the write order too. */
    boolean synced();

    /** The approximate size in bytes. */
    default int size() {
        return 32;
    }

    /** The acceptor's promise to accept no lower ballot. Only a higher ballot replaces it. */
    record Promised(LogId log, Ballot ballot) implements LogRecord {
        @Override
        public boolean synced() {
            return true;
        }
    }

    /** A value that the acceptor accepts for a slot. It replaces a value of a lower ballot. */
    record Accepted(LogId log, long slot, Ballot ballot, Bytes value) implements LogRecord {
        @Override
        public boolean synced() {
            return true;
        }

        @Override
        public int size() {
            return 48 + value.size();
        }
    }

    /** A value fetched from a replica that knows it to be chosen. No quorum counts this record. */
    record Learned(LogId log, long slot, Ballot ballot, Bytes value) implements LogRecord {
        @Override
        public boolean synced() {
            return false;
        }

        @Override
        public int size() {
            return 48 + value.size();
        }
    }

    /**
     * The statement that all slots up to this one are chosen.
     *
     * <p>For each of them, a record here or a checkpoint holds the chosen value.
     */
    record ChosenThrough(LogId log, long slot) implements LogRecord {
        @Override
        public boolean synced() {
            return false;
        }
    }

    /**
     * The configuration to which the slots behind this one belong, until a later record.
     *
     * <p>What the acceptor has accepted above the slot so far belongs to an earlier configuration, and is void. Its ballots
     * are at most {@code voided}, and all later ones are higher. Syncs follow before the acceptor answers in the
     * configuration, so the record needs none.
     *
     * @param number the number of the configuration; a record with a lower number than the last one changes nothing
     * @param slot the last slot that belongs to an earlier configuration
     * @param voided the acceptor's promise when it learned of the configuration
     * @param configuration the encoded configuration
     */
    record Configured(LogId log, long number, long slot, Ballot voided, Bytes configuration) implements LogRecord {
        @Override
        public boolean synced() {
            return false;
        }

        @Override
        public int size() {
            return 60 + configuration.size();
        }
    }

    /**
     * The first slot that is kept. A durable, verified checkpoint covers all lower slots, which may be deleted.
     *
     * <p>The record is synced because the store may delete files that hold lower slots, and no later start may read
     * them.
     */
    record TruncatedBelow(LogId log, long slot) implements LogRecord {
        @Override
        public boolean synced() {
            return true;
        }
    }
}
