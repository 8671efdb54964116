package io.loggos.storage.kv.lease;

import io.loggos.api.Ballot;
import io.loggos.api.Bytes;
import io.loggos.api.Slot;
import io.loggos.api.kv.KeyValue;
import io.loggos.api.kv.Operation;
import io.loggos.api.kv.Outcome;
import io.loggos.api.kv.keys.KeyRange;
import io.loggos.api.replica.Command;
import io.loggos.api.replica.Consistency;
import io.loggos.api.replica.ReadResult;
import io.loggos.api.replica.ReplicaStatus;
import io.loggos.api.replica.Result;
import io.loggos.api.replica.Role;
import io.loggos.internal.codec.ByteReader;
import io.loggos.storage.kv.KeyValueStateMachine;
import io.loggos.storage.kv.operation.KeyValueCodec;
import io.loggos.storage.kv.rows.MemoryOrderedStore;
import io.loggos.storage.kv.rows.OrderedStore.Table;
import io.loggos.storage.kv.watch.ChangeFeed;
import io.loggos.testkit.ReplicaDouble;
import io.loggos.testkit.Violation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A replica of a {@link SimLog} with a clock of its own, and the leases of its store. */
final class SimNode extends ReplicaDouble implements LeaseClock {
    final int number;
    /** The rate of its monotonic clock: up to a hundredth off. */
    final double rate;

    private final SimLog log;
    private final long originNanos;
    private final Map<Long, CompletableFuture<Result<Bytes>>> waiting = new TreeMap<>();

    private MemoryOrderedStore store;
    private KeyValueStateMachine machine;
    private ReplicatedLeases leases;
    private int applied;
    private boolean isFed;
    private long pausedUntilNanos;
    /** Tasks of an earlier life do nothing. */
    private int life;

    private long lastId;
    private @Nullable Path checkpoint;
    private int checkpointAt;

    SimNode(SimLog log, int number) {
        this.log = log;
        this.number = number;
        rate = 1 + (log.random.nextDouble() * 2 - 1) / 100;
        originNanos = log.random.nextLong() / 2;
        store = new MemoryOrderedStore();
        machine = new KeyValueStateMachine(store, new ChangeFeed(), this::nanos);
        leases = new ReplicatedLeases(this, machine.leases(), id -> new CompletableFuture<>(), () -> null, this);
    }

    KeyValueStateMachine machine() {
        return machine;
    }

    ReplicatedLeases leases() {
        return leases;
    }

    int applied() {
        return applied;
    }

    /** Stands still for a while, as a process that is stopped does. Its clock goes on. */
    void pause(long nanos) {
        pausedUntilNanos = log.nowNanos + nanos;
        log.disturbedNanos = Math.max(log.disturbedNanos, pausedUntilNanos);
    }

    void takeCheckpoint(Path directory) {
        try {
            machine.checkpoint().writeTo(Files.createDirectories(directory));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        checkpoint = directory;
        checkpointAt = applied;
    }

    /** Dies, and begins again with its last checkpoint. */
    void restart() {
        life++;
        waiting.clear();
        store = new MemoryOrderedStore();
        machine = new KeyValueStateMachine(store, new ChangeFeed(), this::nanos);
        applied = checkpointAt;
        try {
            if (checkpoint != null) {
                machine.restore(checkpoint);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        leases = new ReplicatedLeases(this, machine.leases(), id -> new CompletableFuture<>(), () -> null, this);
        isFed = false;
        feed();
    }

    /** Applies what was chosen, after a while. */
    void feed() {
        if (!isFed) {
            isFed = true;
            int begun = life;
            log.in(log.someMillis(10), () -> whenAwake(begun, this::applyAll));
        }
    }

    private void applyAll() {
        isFed = false;
        while (applied < log.entries.size()) {
            SimLog.Entry entry = log.entries.get(applied);
            Bytes answer = log.predicates.apply(
                    this,
                    applied,
                    entry,
                    () -> machine.apply(new Command(
                            Slot.of(applied + 1L), Instant.ofEpochMilli(entry.stampMillis()), entry.command())));
            applied++;
            CompletableFuture<Result<Bytes>> caller = entry.proposer() == this ? waiting.remove(entry.id()) : null;
            if (caller != null) {
                caller.complete(new Result<>(Slot.of(applied), answer));
            }
        }
    }

    private void whenAwake(int begun, Runnable task) {
        if (begun != life) {
            return;
        }
        if (log.nowNanos < pausedUntilNanos) {
            log.in(pausedUntilNanos - log.nowNanos, () -> whenAwake(begun, task));
        } else {
            task.run();
        }
    }

    @Override
    public CompletableFuture<Result<Bytes>> propose(Bytes command) {
        long id = ++lastId;
        CompletableFuture<Result<Bytes>> caller = new CompletableFuture<>();
        waiting.put(id, caller);
        Ballot mine = log.leader == this ? log.ballot : null;
        log.in(log.someMillis(20), () -> log.toLeader(id, this, command, mine));
        return caller;
    }

    @Override
    public <T> CompletableFuture<ReadResult<T>> read(Consistency consistency, Supplier<T> query) {
        return CompletableFuture.completedFuture(new ReadResult<>(Slot.of(applied), Duration.ZERO, query.get()));
    }

    @Override
    public ReplicaStatus status() {
        Slot slot = Slot.of(applied);
        return new ReplicaStatus(
                name(),
                log.leader == this ? Role.LEADER : Role.FOLLOWER,
                null,
                log.ballot,
                slot,
                slot,
                slot,
                slot,
                slot,
                slot,
                slot,
                0,
                null,
                null);
    }

    @Override
    public long nanos() {
        return originNanos + (long) (log.nowNanos * rate);
    }

    @Override
    public void after(long delayNanos, Runnable task) {
        int begun = life;
        log.in((long) (delayNanos / rate) + log.someMillis(2), () -> whenAwake(begun, task));
    }

    @Override
    public String name() {
        return "n" + number;
    }

    @Override
    public void close() {}

    /** Reads all keys. */
    List<KeyValue> keyValues() {
        Bytes all = KeyValueCodec.encode(Operation.Range.of(KeyRange.all()));
        Bytes answer = machine.apply(new Command(Slot.of(applied + 1L), Instant.EPOCH, all));
        return ((Outcome.Range) KeyValueCodec.decodeAnswer(answer)).keyValues();
    }

    /** Returns the keys with leases as the rows of leases have them. */
    Map<Bytes, Long> attached() {
        Map<Bytes, Long> attached = new TreeMap<>();
        machine.watched().snapshot().get().close(); // Writes what is buffered.
        store.scan(Table.LEASED, Bytes.EMPTY, null, (row, none) -> {
            ByteReader reader = new ByteReader(row);
            long lease = reader.getLong();
            Long other = attached.put(reader.getRest(), lease);
            Violation.unless(other == null, "ATTACHED", () -> "a key is attached to " + other + " and " + lease);
            return true;
        });
        return attached;
    }
}
