package io.loggos.paxos.runtime.restore;

import io.loggos.api.LogId;
import io.loggos.api.kv.maintenance.StoreContents;
import io.loggos.api.node.NodeOptions;
import io.loggos.api.replica.CheckpointWriter;
import io.loggos.api.spi.LogRecord;
import io.loggos.internal.files.DurableFiles;
import io.loggos.paxos.core.session.RequestTable;
import io.loggos.paxos.core.session.SessionTable;
import io.loggos.paxos.runtime.replica.state.ReplicaState;
import io.loggos.storage.checkpoint.DirectoryCheckpointStore;
import io.loggos.storage.kv.KeyValueStateMachine;
import io.loggos.storage.rocksdb.log.RocksDbStore;
import io.loggos.storage.rocksdb.ordered.RocksDbOrderedStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes the data directory of one node of a new cluster, with one log whose checkpoint at slot 1 has some contents. As in
 * {@link NodeRestore}, the acceptor log begins behind it, at all nodes alike.
 */
public final class ContentsRestore {
    private static final long SLOT = 1;

    private ContentsRestore() {}

    /** Writes into an empty directory. All files are synced; the names of the directory are not. */
    public static void write(String name, StoreContents contents, NodeOptions options, Path directory)
            throws IOException {
        LogId log = LogId.ofName(name);
        Path loading = directory.resolve("loading");
        try (KeyValueStateMachine machine = new KeyValueStateMachine(RocksDbOrderedStore.open(loading));
                RocksDbStore store = NodeRestore.openLog(options, directory)) {
            machine.load(contents, SLOT);
            ReplicaState state = new ReplicaState(0, 0, null, new SessionTable(), new RequestTable());
            CheckpointWriter captured = machine.checkpoint();
            store.register(log, name);
            new DirectoryCheckpointStore(directory.resolve("checkpoints")).write(log, SLOT, state.toBytes(), captured);
            store.write(List.of(new LogRecord.TruncatedBelow(log, SLOT + 1)));
        }
        DurableFiles.deleteTree(loading);
    }
}
