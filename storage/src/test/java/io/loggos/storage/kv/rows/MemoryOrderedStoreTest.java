package io.loggos.storage.kv.rows;

import java.nio.file.Path;

class MemoryOrderedStoreTest extends OrderedStoreContract {
    @Override
    protected OrderedStore open(Path at) {
        return new MemoryOrderedStore();
    }
}
