package io.loggos.api.spi;

import io.loggos.api.Ballot;
import io.loggos.api.Bytes;
import io.loggos.api.LogId;

/** One change of an acceptor log. */
public sealed interface LogRecord {
    /** The log that it changes. */
    LogId log();

    /** Whether it counts only once synced. What need not be synced still keeps its place in the order. */
    boolean synced();

    /** How many bytes it carries. */
    default int size() {
        return 32;
    }

    /** The acceptor promises to take no lower ballot. Only ever replaced by a higher one. */
    record Promised(LogId log, Ballot ballot) implements LogRecord {
        @Override
        public boolean synced() {
            return true;
        }
    }

    /** The acceptor accepts a value for a slot, in place of one of a lower ballot. */
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

    /** A value fetched from a replica that knows it chosen. Nobody counts on it being here. */
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

    /** Every slot up to this one is chosen, and its record here, or a checkpoint, holds the chosen value. */
    record ChosenThrough(LogId log, long slot) implements LogRecord {
        @Override
        public boolean synced() {
            return false;
        }
    }

    /**
     * Slots below this one are covered by a durable, verified checkpoint and may be forgotten. Synced, since the store
     * may give files back that nobody must look for any more.
     */
    record TruncatedBelow(LogId log, long slot) implements LogRecord {
        @Override
        public boolean synced() {
            return true;
        }
    }
}
