package io.loggos.api.node;

import io.loggos.internal.options.OptionChecks;

/**
 * How the acceptor log uses the disk.
 *
 * @param memtableBytes how much of the log RocksDB keeps in memory before it writes a table
 * @param groupCommitBytes how much is written and synced at once at the most
 */
public record StorageOptions(long memtableBytes, int groupCommitBytes) {
    public StorageOptions {
        new OptionChecks()
                .between("memtableBytes", memtableBytes, 1 << 20, 4L << 30)
                .between("groupCommitBytes", groupCommitBytes, 64 << 10, 1 << 30)
                .done();
    }

    /** 64 MiB of memtable, 8 MiB at once. */
    public static StorageOptions defaults() {
        return new StorageOptions(64L << 20, 8 << 20);
    }
}
