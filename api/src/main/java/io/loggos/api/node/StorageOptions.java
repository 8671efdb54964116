package io.loggos.api.node;

import io.loggos.internal.options.OptionChecks;

/**
 * Limits of the acceptor log's use of memory and disk, made by a {@link #builder}.
 *
 * <p>The methods of {@link Builder} give the unit, the bounds and the default of each option.
 *
 * @param memtableBytes the size of the log that RocksDB keeps in memory before it writes a table
 * @param groupCommitBytes the most that is written and synced at once
 * @param scrubBytesPerSecond the rate at which kept checkpoints are read again and compared with their hashes
 */
public record StorageOptions(long memtableBytes, int groupCommitBytes, long scrubBytesPerSecond) {
    public StorageOptions {
        new OptionChecks()
                .between("memtableBytes", memtableBytes, 1 << 20, 4L << 30)
                .between("groupCommitBytes", groupCommitBytes, 64 << 10, 1 << 30)
                .between("scrubBytesPerSecond", scrubBytesPerSecond, 0, 1L << 40)
                .done();
    }

    /** Returns the options with all defaults. */
    public static StorageOptions defaults() {
        return builder().build();
    }

    /** Returns a builder that holds the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns a builder that holds these options. */
    public Builder toBuilder() {
        return builder()
                .memtableBytes(memtableBytes)
                .groupCommitBytes(groupCommitBytes)
                .scrubBytesPerSecond(scrubBytesPerSecond);
    }

    /** Collects the options of the storage. Not safe for use by several threads. */
    public static final class Builder {
        private long memtableBytes = 64 << 20;
        private int groupCommitBytes = 8 << 20;
        private long scrubBytesPerSecond = 1 << 20;

        private Builder() {}

        /** Log in memory before RocksDB writes a table: 1 MiB to 4 GiB, by default 64 MiB. */
        public Builder memtableBytes(long bytes) {
            memtableBytes = bytes;
            return this;
        }

        /** Most that is written and synced at once: 64 KiB to 1 GiB, by default 8 MiB. */
        public Builder groupCommitBytes(int bytes) {
            groupCommitBytes = bytes;
            return this;
        }

        /**
         * Rate at which kept checkpoints are read again: up to 1 TiB in a second, by default 1 MiB. 0 reads none.
         *
         * <p>A checkpoint that does not match its hashes any more is set aside, and another one is taken.
         */
        public Builder scrubBytesPerSecond(long bytes) {
            scrubBytesPerSecond = bytes;
            return this;
        }

        /**
         * Returns the checked options.
         *
         * @throws io.loggos.api.InvalidOptionsException listing everything that is wrong
         */
        public StorageOptions build() {
            return new StorageOptions(memtableBytes, groupCommitBytes, scrubBytesPerSecond);
        }
    }
}
