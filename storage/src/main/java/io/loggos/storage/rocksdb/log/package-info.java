/**
 * The acceptor logs of a node on RocksDB: one chain of atomic writes, read and reclaimed by slot.
 */
@NullMarked
package io.loggos.storage.rocksdb.log;

import org.jspecify.annotations.NullMarked;
