package io.loggos.storage.kv;

import io.loggos.storage.kv.rows.MemoryOrderedStore;
import io.loggos.storage.kv.rows.OrderedStore;
import java.nio.file.Path;

class MemoryStateMachineTest extends StateMachineModelSuite {
    @Override
    protected OrderedStore open(Path at) {
        return new MemoryOrderedStore();
    }

    @Override
    protected int commands() {
        return 4000;
    }
}
