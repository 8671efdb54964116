package io.loggos.paxos.runtime.replica;

import io.loggos.api.Bytes;
import io.loggos.api.LogId;
import io.loggos.api.LoggosException;
import io.loggos.api.NodeClosedException;
import io.loggos.api.NodeId;
import io.loggos.api.OutcomeUnknownException;
import io.loggos.api.OverloadedException;
import io.loggos.api.Slot;
import io.loggos.api.UnavailableException;
import io.loggos.api.replica.CommandTooLargeException;
import io.loggos.api.replica.Consistency;
import io.loggos.api.replica.ReadResult;
import io.loggos.api.replica.Replica;
import io.loggos.api.replica.ReplicaHaltedException;
import io.loggos.api.replica.ReplicaOptions;
import io.loggos.api.replica.ReplicaStatus;
import io.loggos.api.replica.Result;
import io.loggos.api.replica.Role;
import io.loggos.api.spi.Clock;
import io.loggos.api.spi.Meters;
import io.loggos.paxos.core.Proposer;
import io.loggos.paxos.core.ReplicaProgress;
import io.loggos.paxos.core.model.Effects;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
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
    private final Meters.Timer commitTimer;
    private final Meters.Counter overloads;
    private final Meters.Counter unusableCheckpoints;

    private final String overloaded;
    private final PendingRoom room;
    private final AtomicReference<@Nullable ReplicaHaltedException> halted = new AtomicReference<>();
    private volatile boolean closed;
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
            Meters meters,
            Consumer<CountDownLatch> drain) {
        this.self = self;
        this.name = name;
        this.log = LogId.ofName(name);
        this.options = options;
        this.room = new PendingRoom(options, () -> refusal() != null);
        this.loop = loop;
        this.clock = clock;
        this.drain = drain;
        this.caughtUpAtNanos = clock.nanos();
        this.commitTimer = meters.timer("loggos.commit", "log", name);
        this.overloaded = "log \"" + name + "\": as many commands and reads are pending as may be, "
                + options.maxPendingBytes() + " bytes";
        this.overloads = meters.counter("loggos.overloads", "log", name);
        this.unusableCheckpoints = meters.counter("loggos.checkpoints.unusable", "log", name);
        meters.gauge("loggos.pending.bytes", room::bytes, "log", name);
        meters.gauge("loggos.slot.applied", () -> appliedThrough, "log", name);
        meters.gauge("loggos.slot.chosen", () -> of(ReplicaProgress::chosenSlot), "log", name);
        meters.gauge("loggos.slot.agreed", () -> of(ReplicaProgress::agreedSlot), "log", name);
        meters.gauge("loggos.slot.lag", () -> status().lagSlots(), "log", name);
        meters.gauge("loggos.apply.queue.bytes", () -> of(ReplicaProgress::feedBytes), "log", name);
        meters.gauge("loggos.slots.open", () -> of(ReplicaProgress::openSlots), "log", name);
        meters.gauge("loggos.leading", () -> status().role() == Role.LEADER ? 1 : 0, "log", name);
        meters.gauge("loggos.halted", () -> halted.get() == null ? 0 : 1, "log", name);
    }

    private long of(ToLongFunction<ReplicaProgress> part) {
        return part.applyAsLong(progress);
    }

    @Override
    public String name() {
        return name;
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
        LoggosException refusal = refusal();
        if (refusal == null && command.size() > options.maxCommandBytes()) {
            refusal = new CommandTooLargeException(
                    "a command has at most " + options.maxCommandBytes() + " bytes, this one has " + command.size());
        }
        if (refusal == null) {
            refusal = takeRoom(command.size());
        }
        if (refusal != null) {
            return CompletableFuture.failedFuture(refusal);
        }
        PendingCommand call = new PendingCommand(this, command, clock.nanos());
        loop.ask(call);
        return call;
    }

    @Override
    public <T> CompletableFuture<ReadResult<T>> read(Consistency consistency, Supplier<T> query) {
        LoggosException refusal = refusal();
        if (refusal == null) {
            refusal = takeRoom(0);
        }
        if (refusal != null) {
            return CompletableFuture.failedFuture(refusal);
        }
        PendingRead<T> call = new PendingRead<>(this, consistency, query, clock.nanos());
        if (consistency == Consistency.LOCAL) {
            loop.readHere(call);
        } else {
            loop.ask(call);
        }
        return call;
    }

    private @Nullable LoggosException refusal() {
        ReplicaHaltedException halt = halted.get();
        if (halt != null) {
            return haltedException();
        }
        return closed ? closedException() : null;
    }

    /** Returns why a request is not taken. Null if it is, and has its room. */
    private @Nullable LoggosException takeRoom(int payloadBytes) {
        if (room.take(payloadBytes)) {
            return null;
        }
        LoggosException refusal = refusal();
        if (refusal != null) {
            return refusal;
        }
        overloads.add(1);
        return new OverloadedException(overloaded);
    }

    /** Reports the end of a command. The time is {@link Long#MIN_VALUE} if it failed. */
    void settled(PendingCommand call, long nowNanos) {
        room.giveBack(call.command.size());
        if (nowNanos != Long.MIN_VALUE) {
            commitTimer.record(nowNanos - call.calledAtNanos);
        }
    }

    /** Reports the end of a read, or that it runs now. */
    void settledRead() {
        room.giveBack(0);
    }

    /** Returns the exception for a request that failed. */
    public LoggosException failure(Effects.Failure failure) {
        ReplicaHaltedException halt = halted.get();
        if (failure == Effects.Failure.OUTCOME_UNKNOWN) {
            return halt == null ? unknown() : new OutcomeUnknownException(unknownAfterHalt(halt), halt);
        }
        if (halt != null) {
            return haltedException();
        }
        return closed
                ? closedException()
                : new UnavailableException("log \"" + name + "\": no leader was reached within "
                        + options.requestTimeout().toMillis() + " ms");
    }

    private OutcomeUnknownException unknown() {
        return new OutcomeUnknownException("log \"" + name + "\": the command was sent, and "
                + (closed
                        ? "the replica was closed"
                        : "its outcome was not seen within "
                                + options.requestTimeout().toMillis() + " ms"));
    }

    private static String unknownAfterHalt(ReplicaHaltedException halt) {
        return "the command was sent, and this replica has halted since: " + halt.getMessage();
    }

    private NodeClosedException closedException() {
        return new NodeClosedException("log \"" + name + "\" is closed on node " + self.value());
    }

    /** Returns a new exception for each caller, with the same cause. */
    ReplicaHaltedException haltedException() {
        ReplicaHaltedException first = halted.get();
        return first == null
                ? new ReplicaHaltedException("log \"" + name + "\" has halted", null)
                : new ReplicaHaltedException(String.valueOf(first.getMessage()), first.getCause());
    }

    /** Stops this replica for good. Any thread. */
    public void halt(ReplicaHaltedException cause) {
        if (halted.compareAndSet(null, cause)) {
            LOGGER.error("node {} halts {}", self.value(), cause.getMessage(), cause.getCause());
            loop.retire(this);
            room.wakeWaiting();
        }
    }

    public boolean isHalted() {
        return halted.get() != null;
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
        unusableCheckpoints.add(1);
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
        progress = now;
        caughtUp = !now.leader().isZero() && now.appliedSlot() >= now.knownChosenSlot();
        if (caughtUp) {
            caughtUpAtNanos = atNanos;
            if (waitsFor != null) {
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
        ReplicaHaltedException halt = halted.get();
        String why = halt == null ? null : halt.getMessage();
        return new ReplicaStatus(
                name,
                halt == null ? roleOf(now.phase()) : Role.HALTED,
                now.leader().isZero() ? null : NodeId.of(now.leader().node()),
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

    private static Role roleOf(Proposer.Phase phase) {
        return switch (phase) {
            case IDLE -> Role.FOLLOWER;
            case PREPARING -> Role.CANDIDATE;
            case LEADING -> Role.LEADER;
        };
    }

    public boolean isClosed() {
        return closed;
    }

    /** True once nothing of this replica is under way any more, so that its log can be opened again. */
    public boolean hasEnded() {
        return ended.getCount() == 0;
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
        closed = true;
        room.wakeWaiting();
    }

    @Override
    public void close() {
        if (!closed) {
            markClosed();
            closing = true;
            loop.close(this, ended::countDown);
        }
        awaitEnd();
    }
}
