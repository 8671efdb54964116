/**
 * All that touches RocksDB: the store of a node's acceptor logs and roster, and the ordered store under the key-value
 * state machine. Internal; whoever assembles a node opens {@link io.loggos.storage.rocksdb.RocksDbStore} and sees it
 * as an {@link io.loggos.api.spi.AcceptorLog} and a {@link io.loggos.api.spi.Roster} from then on.
 */
@NullMarked
package io.loggos.storage.rocksdb;

import org.jspecify.annotations.NullMarked;
