package io.loggos.paxos.runtime.replica;

import io.loggos.api.Bytes;
import io.loggos.api.LogId;
import io.loggos.api.LoggosException;
import io.loggos.api.NodeId;
import io.loggos.api.RequestId;
import io.loggos.api.Slot;
import io.loggos.api.node.NodeEvent;
import io.loggos.api.replica.CommandTooLargeException;
import io.loggos.api.replica.Consistency;
import io.loggos.api.replica.ReadResult;
import io.loggos.api.replica.Replica;
import io.loggos.api.replica.ReplicaHaltedException;
import io.loggos.api.replica.ReplicaOptions;
import io.loggos.api.replica.ReplicaStatus;
import io.loggos.api.replica.Result;
import io.loggos.api.spi.Clock;
import io.loggos.api.spi.MeterScope;
import io.loggos.api.spi.Meters;
import io.loggos.paxos.core.ReplicaProgress;
import io.loggos.paxos.core.model.Batch;
import io.loggos.paxos.core.model.Effects;
import io.loggos.paxos.core.session.RequestTable;
import io.loggos.paxos.runtime.replica.state.NamedCommands;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A replica, as its callers see it. A caller's request becomes an event of the loop. */
public final class LocalReplica implements Replica {
    private static final Logger LOGGER = LoggerFactory.getLogger(LocalReplica.class);

    private final NodeId self;
    private final String name;
    private final LogId log;
    private final ReplicaOptions options;
    private final ReplicaLoop loop;
    private final Clock clock;
    private final Consumer<CountDownLatch> drain;
    private final MeterScope meters;
    private final ReplicaMeters measured;
    private final PendingRoom room;
    private final Applier.Lane lane = new Applier.Lane();
    private final LeaderWaits waits;
    private final ReplicaEnd end;
    /** True if it was closed by itself, and not with its node. */
    private volatile boolean closing;

    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile ReplicaProgress progress = ReplicaProgress.NONE;
    private volatile long appliedThrough;
    private volatile long checkpointSlot;
    /** The end of the last turn in which it had applied everything that it knew to be chosen. */
    private volatile long caughtUpAtNanos;

    private volatile boolean caughtUp;
    private volatile @Nullable String waitsFor;

    /**
     * Creates the replica of the log {@code name} on this node.
     *
     * @param drain waits until its argument is counted down
     */
    public LocalReplica(
            NodeId self,
            String name,
            ReplicaOptions options,
            ReplicaLoop loop,
            Clock clock,
            Meters nodeMeters,
            Consumer<CountDownLatch> drain) {
        this.self = self;
        this.name = name;
        this.log = LogId.ofName(name);
        this.options = options;
        this.end = new ReplicaEnd(self, name, options, loop);
        this.room = new PendingRoom(options, () -> end.refusal() != null);
        this.loop = loop;
        this.waits = new LeaderWaits(loop);
        this.clock = clock;
        this.drain = drain;
        this.caughtUpAtNanos = clock.nanos();
        this.meters = MeterScope.of(nodeMeters, "log", name);
        this.measured = new ReplicaMeters(meters, clock, this::status, () -> progress);
    }

    @Override
    public String name() {
        return name;
    }

    /** The tasks of its state machine. */
    public Applier.Lane lane() {
        return lane;
    }

    public LogId log() {
        return log;
    }

    ReplicaLoop loop() {
        return loop;
    }

    public ReplicaOptions options() {
        return options;
    }

    @Override
    public CompletableFuture<Result<Bytes>> propose(Bytes command) {
        return propose(command, command.size(), null);
    }

    @Override
    public CompletableFuture<Result<Bytes>> propose(Bytes command, RequestId id) {
        return propose(Batch.named(id, command), command.size(), id);
    }

    private CompletableFuture<Result<Bytes>> propose(Bytes command, int payloadBytes, @Nullable RequestId id) {
        LoggosException refusal = end.refusal();
        if (refusal == null && payloadBytes > options.maxCommandBytes()) {
            refusal = new CommandTooLargeException(
                    "a command has at most " + options.maxCommandBytes() + " bytes, this one has " + payloadBytes);
        }
        if (refusal == null) {
            refusal = takeRoom(payloadBytes);
        }
        if (refusal != null) {
            return CompletableFuture.failedFuture(refusal);
        }
        PendingCommand call = new PendingCommand(this, command, id, clock.nanos());
        loop.ask(call);
        return call;
    }

    @Override
    public <T> CompletableFuture<ReadResult<T>> read(Consistency consistency, Supplier<T> query) {
        return read(consistency, null, unused -> query.get());
    }

    @Override
    public <T> CompletableFuture<ReadResult<T>> read(Slot atLeast, Supplier<T> query) {
        return read(Consistency.LOCAL, Objects.requireNonNull(atLeast), unused -> query.get());
    }

    @Override
    public CompletableFuture<Optional<Result<Bytes>>> outcome(RequestId id) {
        return read(Consistency.LINEARIZABLE, null, NamedCommands.outcomeOf(id)).thenApply(ReadResult::value);
    }

    private <T> CompletableFuture<ReadResult<T>> read(
            Consistency consistency, @Nullable Slot atLeast, Function<RequestTable, T> query) {
        LoggosException refusal = end.refusal();
        if (refusal == null) {
            refusal = takeRoom(0);
        }
        if (refusal != null) {
            return CompletableFuture.failedFuture(refusal);
        }
        PendingRead<T> call = new PendingRead<>(this, consistency, atLeast, query, clock.nanos());
        if (consistency == Consistency.LOCAL && atLeast == null) {
            loop.readHere(call);
        } else {
            loop.ask(call);
        }
        return call;
    }

    @Override
    public CompletableFuture<NodeId> awaitLeader(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("the timeout is longer than zero, not " + timeout);
        }
        return waits.await(() -> progress.leaderNode(), end::refusal, clock.nanos(), timeout);
    }

    @Override
    public CompletableFuture<Void> transferLeadership(NodeId target) {
        PendingTransfer call = new PendingTransfer(this, Objects.requireNonNull(target), clock.nanos());
        LoggosException refusal = end.refusal();
        if (refusal != null) {
            return CompletableFuture.failedFuture(refusal);
        }
        loop.ask(call);
        return call;
    }

    /** Fails the waits for a leader that are overdue. On the loop's thread. */
    public void expireWaits(long nowNanos) {
        waits.expire(nowNanos, name);
    }

    /** Returns why a request is not taken. Null if it is, and has its room. */
    private @Nullable LoggosException takeRoom(int payloadBytes) {
        if (room.take(payloadBytes)) {
            return null;
        }
        LoggosException refusal = end.refusal();
        if (refusal != null) {
            return refusal;
        }
        measured.overloads.add(1);
        return end.overloaded();
    }

    /** Reports the end of a command. The time is {@link Long#MIN_VALUE} if it failed. */
    void settled(PendingCommand call, long nowNanos) {
        room.giveBack(call.payloadBytes());
        if (nowNanos != Long.MIN_VALUE) {
            measured.commit.record(nowNanos - call.calledAtNanos);
        }
    }

    /** Reports the end of a read, or that it runs now. */
    void settledRead() {
        room.giveBack(0);
    }

    /** Returns the exception for a request that failed. */
    public LoggosException failure(Effects.Failure failure) {
        return end.failure(failure);
    }

    /** Returns a new exception for each caller, with the same cause. */
    ReplicaHaltedException haltedException() {
        return end.haltedException();
    }

    /** Stops this replica for good. Any thread. */
    public void halt(ReplicaHaltedException cause) {
        if (end.halt(cause)) {
            LOGGER.error("node {} halts {}", self.value(), cause.getMessage(), cause.getCause());
            loop.tell(new NodeEvent.Halted(name, String.valueOf(cause.getMessage())));
            loop.retire(this);
            room.wakeWaiting();
            waits.fail(end::refusal);
        }
    }

    public boolean isHalted() {
        return end.halted() != null;
    }

    void appliedThrough(long slot) {
        appliedThrough = slot;
    }

    /** Reports that a checkpoint was written. The log is kept from the checkpoint before it. */
    void onCheckpoint(long slot, long keptSlot) {
        checkpointAt(slot);
        loop.onCheckpoint(this, slot, keptSlot);
    }

    void onCheckpointFailed(long slot, Throwable cause) {
        LOGGER.warn("node {}: no checkpoint of log \"{}\" at slot {}", self.value(), name, slot, cause);
    }

    /** Reports a checkpoint that cannot be used, and is set aside. Any thread. */
    void onCheckpointUnusable(long slot, Exception cause) {
        LOGGER.error(
                "node {}: the checkpoint of log \"{}\" at slot {} cannot be used; an older one, the log or a peer takes its"
                        + " place",
                self.value(),
                name,
                slot,
                cause);
        measured.unusableCheckpoints.add(1);
    }

    /** Names what this replica waits for, besides the next chosen slot; null if nothing. Any thread. */
    public void waitsFor(@Nullable String something) {
        waitsFor = something;
    }

    public NodeId node() {
        return self;
    }

    public void checkpointAt(long slot) {
        checkpointSlot = slot;
    }

    public void progressed(ReplicaProgress now, long atNanos) {
        boolean sameLeader = now.leader().equals(progress.leader());
        progress = now;
        if (!sameLeader) {
            NodeId leader = now.leaderNode();
            loop.tell(new NodeEvent.LeaderChanged(name, leader, now.leader()));
            waits.lead(leader);
        }
        caughtUp = !now.leader().isZero() && now.appliedSlot() >= now.knownChosenSlot();
        if (caughtUp) {
            caughtUpAtNanos = atNanos;
            if (waitsFor != null && !end.isClosed()) {
                waitsFor = null;
            }
        }
    }

    /**
     * The greatest age of the state.
     *
     * <p>Links are in order. Everything that the leader had announced as chosen has arrived before the last message
     * from it.
     */
    Duration age() {
        ReplicaProgress now = progress;
        long currentAt = caughtUpAtNanos;
        if (caughtUp) {
            currentAt = Math.max(currentAt, loop.lastContactNanos(now.leader()));
        }
        return Duration.ofNanos(Math.max(0, clock.nanos() - currentAt));
    }

    @Override
    public ReplicaStatus status() {
        ReplicaProgress now = progress;
        ReplicaHaltedException halt = end.halted();
        String why = halt == null ? null : halt.getMessage();
        return new ReplicaStatus(
                name,
                end.role(now.phase()),
                now.leaderNode(),
                now.promised(),
                Slot.of(now.firstSlot()),
                Slot.of(now.acceptedSlot()),
                Slot.of(now.chosenSlot()),
                Slot.of(now.knownChosenSlot()),
                Slot.of(Math.max(appliedThrough, now.appliedSlot())),
                Slot.of(now.agreedSlot()),
                Slot.of(checkpointSlot),
                room.bytes(),
                why,
                waitsFor == null ? now.waitsFor() : waitsFor);
    }

    public boolean isClosed() {
        return end.isClosed();
    }

    /** True once nothing of this replica is under way any more, so that its log can be opened again. */
    public boolean hasEnded() {
        return ended.getCount() == 0;
    }

    /** Meters of this log, which end with this replica. */
    public Meters meters() {
        return meters;
    }

    /** Ends a replica that nothing uses any more. */
    public void ended() {
        meters.close();
        ended.countDown();
    }

    /** Waits for the end of a replica that is being closed, as long as the node waits for its threads. */
    public void awaitEnd() {
        if (closing) {
            drain.accept(ended);
            if (!hasEnded()) {
                LOGGER.warn("node {}: log \"{}\" is closed and waits for {}", self.value(), name, waitsFor());
            }
        }
    }

    /** The thing that this replica waits for, besides the next chosen slot, or before its log can be opened again. */
    public String waitsFor() {
        String something = waitsFor;
        return something == null ? "its turn" : something;
    }

    /** Refuses all further requests. The node closes the rest. */
    public void markClosed() {
        end.close();
        room.wakeWaiting();
        waits.fail(end::refusal);
    }

    @Override
    public void close() {
        if (!end.isClosed()) {
            markClosed();
            closing = true;
            loop.close(this, this::ended);
        }
        awaitEnd();
    }
}
