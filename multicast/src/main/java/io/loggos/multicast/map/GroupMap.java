package io.loggos.multicast.map;

import io.loggos.api.Bytes;
import io.loggos.api.NodeClosedException;
import io.loggos.api.NodeId;
import io.loggos.api.OutcomeUnknownException;
import io.loggos.api.group.Delivery;
import io.loggos.api.group.Group;
import io.loggos.api.group.GroupListener;
import io.loggos.api.group.GroupOptions;
import io.loggos.api.group.GroupState;
import io.loggos.api.group.Receipt;
import io.loggos.api.group.View;
import io.loggos.api.map.ReplicatedMap;
import io.loggos.api.replica.CheckpointWriter;
import io.loggos.internal.codec.MalformedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.function.Predicate;

/**
 * A replicated map: each change is a message in total order, and the map is the state of the group.
 *
 * <p>The receipt of a change completes its future, right after this member has applied it.
 */
public final class GroupMap implements ReplicatedMap {
    private static final String FILE = "entries";

    /** Effect of a change of this member, once it has seen it. */
    private static final class Applied {
        private Optional<Bytes> before = Optional.empty();
    }

    private final NodeId self;
    private final Listener listener;
    private final Receipt.Outcome success;
    private final AtomicLong lastNumber = new AtomicLong();
    private final Map<Long, Applied> own = new ConcurrentHashMap<>();
    private final Group group;

    /** This copy. Guarded by itself. */
    private final TreeMap<Bytes, Bytes> entries = new TreeMap<>();

    private GroupMap(
            NodeId self, GroupOptions options, Listener listener, BiFunction<GroupOptions, GroupListener, Group> join) {
        this.self = self;
        this.listener = listener;
        this.success = options.delivery() == Delivery.SAFE ? Receipt.Outcome.STABLE : Receipt.Outcome.DELIVERED;
        this.group = join.apply(options.toBuilder().state(new State()).build(), new Copy());
    }

    /**
     * Joins the group of a map.
     *
     * @param join joins the group with these options and this listener
     * @throws IllegalArgumentException if the ordering of the options is not total, or they have a state
     */
    public static ReplicatedMap join(
            NodeId self, GroupOptions options, Listener listener, BiFunction<GroupOptions, GroupListener, Group> join) {
        if (!options.ordering().isTotal() || options.state().isPresent()) {
            throw new IllegalArgumentException("a replicated map has a total order, and its own state");
        }
        return new GroupMap(self, options, listener, join);
    }

    @Override
    public Optional<Bytes> get(Bytes key) {
        synchronized (entries) {
            return Optional.ofNullable(entries.get(key));
        }
    }

    @Override
    public SortedMap<Bytes, Bytes> snapshot() {
        synchronized (entries) {
            return Collections.unmodifiableSortedMap(new TreeMap<>(entries));
        }
    }

    @Override
    public CompletableFuture<Optional<Bytes>> put(Bytes key, Bytes value) {
        return change(key, Optional.of(value));
    }

    @Override
    public CompletableFuture<Optional<Bytes>> remove(Bytes key) {
        return change(key, Optional.empty());
    }

    private CompletableFuture<Optional<Bytes>> change(Bytes key, Optional<Bytes> value) {
        long number = lastNumber.incrementAndGet();
        Applied applied = new Applied();
        own.put(number, applied);
        try {
            return group.multicastWithReceipt(new MapChange(number, key, value).toBytes())
                    .thenApply(receipt -> {
                        own.remove(number);
                        return result(receipt, applied);
                    });
        } catch (RuntimeException e) {
            own.remove(number);
            throw e;
        }
    }

    private Optional<Bytes> result(Receipt receipt, Applied applied) {
        if (receipt.outcome() == success) {
            return applied.before;
        }
        if (receipt.outcome() == Receipt.Outcome.NOT_SENT) {
            throw new NodeClosedException("map \"" + group.name() + "\" was closed before the change was sent");
        }
        throw new OutcomeUnknownException("map \"" + group.name() + "\": the view changed, and the change is "
                + receipt.outcome() + " in " + receipt.view());
    }

    @Override
    public Optional<View> view() {
        return group.view();
    }

    @Override
    public CompletableFuture<View> awaitView(Predicate<View> wanted) {
        return group.awaitView(wanted);
    }

    @Override
    public void close() {
        group.close();
    }

    private final class Copy implements GroupListener {
        @Override
        public void onMessage(NodeId from, Bytes message) {
            MapChange change = MapChange.of(message);
            Optional<Bytes> before;
            synchronized (entries) {
                before = Optional.ofNullable(
                        change.value().isPresent()
                                ? entries.put(change.key(), change.value().get())
                                : entries.remove(change.key()));
            }
            Applied applied = from.equals(self) ? own.get(change.number()) : null;
            if (applied != null) {
                applied.before = before;
            }
            listener.onChange(from, change.key(), before, change.value());
        }

        @Override
        public void onEvicted(String reason) {
            listener.onEvicted(reason);
        }
    }

    private final class State implements GroupState {
        @Override
        public CheckpointWriter capture() {
            SortedMap<Bytes, Bytes> captured = snapshot();
            return directory -> Files.write(
                    directory.resolve(FILE), MapChange.write(captured).toByteArray());
        }

        @Override
        public void restore(Path directory) throws IOException {
            TreeMap<Bytes, Bytes> restored;
            try {
                restored = MapChange.read(Bytes.wrap(Files.readAllBytes(directory.resolve(FILE))));
            } catch (MalformedException e) {
                throw new IOException("no map is in " + directory, e);
            }
            synchronized (entries) {
                entries.clear();
                entries.putAll(restored);
            }
            listener.onTransfer(snapshot());
        }
    }
}
