package io.loggos.storage.rocksdb.ordered;

import io.loggos.storage.kv.StateMachineModelSuite;
import io.loggos.storage.kv.rows.OrderedStore;
import java.nio.file.Path;

class RocksDbOrderedStoreStateMachineTest extends StateMachineModelSuite {
    @Override
    protected OrderedStore open(Path at) {
        return RocksDbOrderedStore.open(at);
    }

    @Override
    protected int commands() {
        return 1600;
    }
}
