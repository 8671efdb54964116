package io.loggos.paxos.runtime;

import io.loggos.api.LogId;
import io.loggos.api.kv.KeyValueStore;
import io.loggos.api.kv.maintenance.KeyValueOptions;
import io.loggos.api.replica.Replica;
import io.loggos.internal.user.UserCode;
import io.loggos.storage.kv.KeyValueStateMachine;
import io.loggos.storage.kv.ReplicatedKeyValueStore;
import io.loggos.storage.rocksdb.ordered.RocksDbOrderedStore;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The key-value stores of a node, each with a database of its own. Any thread. */
final class KeyValueStores {
    private final Path directory;
    private final List<ReplicatedKeyValueStore> stores = new CopyOnWriteArrayList<>();

    /** Creates the stores in the data directory of a node. */
    KeyValueStores(Path dataDirectory) {
        this.directory = dataDirectory.resolve("state");
    }

    /** Opens the state of a store. */
    KeyValueStateMachine openState(LogId log) {
        return new KeyValueStateMachine(RocksDbOrderedStore.open(directory.resolve(Long.toHexString(log.value()))));
    }

    /** Returns a store over its replica and its state. */
    KeyValueStore add(Replica replica, KeyValueStateMachine machine, UserCode userCode, KeyValueOptions limits) {
        ReplicatedKeyValueStore store = new ReplicatedKeyValueStore(replica, machine, userCode, limits);
        stores.add(store);
        return store;
    }

    /** Ends all watches, because the node closes. */
    void endWatches() {
        stores.forEach(ReplicatedKeyValueStore::endWatches);
    }

    /** Closes the databases, once nothing uses them any more. */
    void close() {
        stores.forEach(ReplicatedKeyValueStore::closeState);
    }
}
