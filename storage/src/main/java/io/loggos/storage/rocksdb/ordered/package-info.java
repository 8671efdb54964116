/**
 * The ordered map of a state machine on RocksDB: its state without a write-ahead log, and checkpoints by hard links.
 */
@NullMarked
package io.loggos.storage.rocksdb.ordered;

import org.jspecify.annotations.NullMarked;
