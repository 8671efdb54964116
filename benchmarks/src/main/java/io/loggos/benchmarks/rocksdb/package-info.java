/** The floor under the disk: plain RocksDB, without the log of Loggos. May use {@code workload}. */
@NullMarked
package io.loggos.benchmarks.rocksdb;

import org.jspecify.annotations.NullMarked;
