package io.loggos.paxos.runtime.bulk;

import io.loggos.api.Bytes;
import io.loggos.api.LogId;
import io.loggos.api.NodeId;
import io.loggos.api.StorageException;
import io.loggos.api.group.GroupId;
import io.loggos.api.group.ViewId;
import io.loggos.api.replica.CheckpointWriter;
import io.loggos.api.spi.CheckpointManifest;
import io.loggos.api.spi.CheckpointStore;
import io.loggos.api.spi.Transport;
import io.loggos.internal.codec.ByteWriter;
import io.loggos.multicast.runtime.node.StateTransfer;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * The states of groups, which are stored and transferred as checkpoints.
 *
 * <p>The slot of such a checkpoint is the counter of the view, and its replica state names the view. The messages of a
 * snapshot that the provider has yet to give to its application follow the name. The last two of a
 * group are kept, and none over a restart.
 */
public final class GroupStates implements StateTransfer {
    /** Mask that turns the number of a group into one that no log of the same name has. */
    private static final long NOT_A_LOG = -1;
    /** Size of the name of a view. */
    private static final int NAME_BYTES = 20;

    private final CheckpointStore store;
    private final Transport transport;
    private final Supplier<Executor> workers;
    /** A worker for each group, so that a group whose state takes long holds up no other. */
    private final Map<GroupId, Executor> worker = new ConcurrentHashMap<>();

    private final BulkServer server;
    private final NodeId self;

    /**
     * Creates the states of the groups of a node.
     *
     * @param workers makes workers for long tasks, each of which runs one at a time
     */
    public GroupStates(
            NodeId self, CheckpointStore store, Transport transport, Supplier<Executor> workers, BulkServer server) {
        this.self = self;
        this.store = store;
        this.transport = transport;
        this.workers = workers;
        this.server = server;
    }

    private Executor worker(GroupId group) {
        return worker.computeIfAbsent(group, unused -> workers.get());
    }

    private static LogId log(GroupId group) {
        return new LogId(group.value() ^ NOT_A_LOG);
    }

    private static Bytes name(ViewId view) {
        return new ByteWriter(NAME_BYTES)
                .putLong(view.counter())
                .putInt(view.coordinator().value())
                .putLong(view.life())
                .toBytes();
    }

    private static boolean isNamed(CheckpointManifest state, Bytes name) {
        Bytes found = state.replicaState();
        return found.size() >= NAME_BYTES && found.slice(0, NAME_BYTES).equals(name);
    }

    /** Returns the bytes that were kept with the state. */
    private static Bytes restored(CheckpointManifest state) {
        Bytes found = state.replicaState();
        return found.slice(NAME_BYTES, found.size() - NAME_BYTES);
    }

    @Override
    public void keep(GroupId group, ViewId boundary, CheckpointWriter captured, Bytes restored, Failure failure) {
        server.serve(log(group), store, doubted -> worker(group).execute(() -> store.verify(doubted)));
        worker(group).execute(() -> {
            try {
                Bytes name = new ByteWriter(NAME_BYTES + restored.size())
                        .putRaw(name(boundary))
                        .putRaw(restored)
                        .toBytes();
                store.write(log(group), boundary.counter(), name, captured);
            } catch (IOException | RuntimeException | Error e) {
                failure.failed(String.valueOf(e));
            }
        });
    }

    @Override
    public void fetch(GroupId group, NodeId provider, ViewId boundary, Listener listener) {
        worker(group).execute(() -> {
            Optional<CheckpointManifest> here = find(group, boundary);
            if (here.isPresent()) {
                listener.fetched(store.directory(here.get()), restored(here.get()));
            } else {
                fetcher(group, boundary, listener).begin(provider, boundary.counter());
            }
        });
    }

    private CheckpointFetch fetcher(GroupId group, ViewId boundary, Listener listener) {
        Bytes name = name(boundary);
        return new CheckpointFetch(
                transport,
                worker(group),
                store,
                new CheckpointFetch.Subject(self, log(group)),
                checkpoint -> isNamed(checkpoint, name),
                new CheckpointFetch.Listener() {
                    @Override
                    public void installed(long slot) {
                        find(group, boundary)
                                .ifPresentOrElse(
                                        state -> listener.fetched(store.directory(state), restored(state)),
                                        () -> listener.missed("it cannot be read"));
                    }

                    @Override
                    public void missed(String reason, boolean progressed) {
                        listener.missed(reason);
                    }
                });
    }

    private Optional<CheckpointManifest> find(GroupId group, ViewId boundary) {
        try {
            return store.newest(log(group)).filter(state -> isNamed(state, name(boundary)));
        } catch (StorageException e) {
            return Optional.empty();
        }
    }
}
