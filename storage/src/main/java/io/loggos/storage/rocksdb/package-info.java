/**
 * All code that touches RocksDB: the store of a node's acceptor logs and roster, and the ordered store of the key-value
 * state machine. Internal. The code that assembles a node opens {@link io.loggos.storage.rocksdb.log.RocksDbStore} and then
 * uses it as an {@link io.loggos.api.spi.AcceptorLog} and a {@link io.loggos.api.spi.Roster}.
 */
@NullMarked
package io.loggos.storage.rocksdb;

import org.jspecify.annotations.NullMarked;
