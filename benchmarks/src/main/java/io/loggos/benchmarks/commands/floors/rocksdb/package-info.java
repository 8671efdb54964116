/** The floor under the disk: plain RocksDB, without the log of Loggos. Uses {@code harness.workload}. */
@NullMarked
package io.loggos.benchmarks.commands.floors.rocksdb;

import org.jspecify.annotations.NullMarked;
