package io.loggos.storage.kv;

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
