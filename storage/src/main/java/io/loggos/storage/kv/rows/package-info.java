/**
 * Where the rows of the key-value store are kept: an ordered map of bytes in a few tables, with batches of changes and
 * snapshots for reading. An implementation on RocksDB is in {@code storage.rocksdb.ordered}.
 */
@NullMarked
package io.loggos.storage.kv.rows;

import org.jspecify.annotations.NullMarked;
