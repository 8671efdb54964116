/**
 * The rows of the key-value store: ordered maps of bytes, with batches of changes and snapshots. An implementation on RocksDB is in {@code storage.rocksdb.ordered}.
 */
@NullMarked
package io.loggos.storage.kv.rows;

import org.jspecify.annotations.NullMarked;
