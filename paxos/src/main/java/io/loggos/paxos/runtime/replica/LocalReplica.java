package io.loggos.paxos.runtime.replica;

import io.loggos.api.Ballot;
import io.loggos.api.Bytes;
import io.loggos.api.LogId;
import io.loggos.api.LoggosException;
import io.loggos.api.NodeClosedException;
import io.loggos.api.NodeId;
import io.loggos.api.OutcomeUnknownException;
import io.loggos.api.OverloadPolicy;
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
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
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

    private final String overloaded;
    private final AtomicLong pendingBytes = new AtomicLong();
    private final AtomicReference<@Nullable ReplicaHaltedException> halted = new AtomicReference<>();
    private volatile boolean closed;
    /** True if it was closed by itself, and not with its node. */
    private volatile boolean closing;

    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile @Nullable ReplicaProgress progress;
    private volatile long appliedThrough;
    private volatile long checkpointSlot;
    /** The end of the last turn in which it had applied everything that it knew to be chosen. */
    private volatile long caughtUpAtNanos;

    private volatile boolean caughtUp;

    /** Used only by callers that chose to wait for room. */
    private final ReentrantLock roomLock = new ReentrantLock();

    private final Condition room = roomLock.newCondition();

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
        this.loop = loop;
        this.clock = clock;
        this.drain = drain;
        this.caughtUpAtNanos = clock.nanos();
        this.commitTimer = meters.timer("loggos.commit", "log", name);
        this.overloaded = "log \"" + name + "\": as much is proposed and not yet decided as may be, "
                + options.maxPendingBytes() + " bytes";
        this.overloads = meters.counter("loggos.overloads", "log", name);
        meters.gauge("loggos.pending.bytes", pendingBytes::get, "log", name);
        meters.gauge("loggos.slot.applied", () -> appliedThrough, "log", name);
        meters.gauge("loggos.slot.chosen", () -> of(ReplicaProgress::chosenSlot), "log", name);
        meters.gauge("loggos.slot.lag", () -> status().lagSlots(), "log", name);
        meters.gauge("loggos.slots.open", () -> of(ReplicaProgress::openSlots), "log", name);
        meters.gauge("loggos.leading", () -> status().role() == Role.LEADER ? 1 : 0, "log", name);
        meters.gauge("loggos.halted", () -> halted.get() == null ? 0 : 1, "log", name);
    }

    private long of(ToLongFunction<ReplicaProgress> part) {
        ReplicaProgress now = progress;
        return now == null ? 0 : part.applyAsLong(now);
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

    ReplicaOptions options() {
        return options;
    }

    @Override
    public CompletableFuture<Result<Bytes>> propose(Bytes command) {
        LoggosException refusal = refusal();
        if (refusal == null && command.size() > options.maxCommandBytes()) {
            refusal = new CommandTooLargeException(
                    "a command has at most " + options.maxCommandBytes() + " bytes, this one has " + command.size());
        }
        if (refusal == null && !takeRoom(command.size())) {
            overloads.add(1);
            refusal = new OverloadedException(overloaded);
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
        if (refusal != null) {
            return CompletableFuture.failedFuture(refusal);
        }
        PendingRead<T> call = new PendingRead<>(this, consistency, query);
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

    private boolean takeRoom(int bytes) {
        if (pendingBytes.addAndGet(bytes) <= options.maxPendingBytes()) {
            return true;
        }
        pendingBytes.addAndGet(-bytes);
        return options.overloadPolicy() == OverloadPolicy.WAIT && waitForRoom(bytes);
    }

    private boolean waitForRoom(int bytes) {
        long left = options.requestTimeout().toNanos();
        roomLock.lock();
        try {
            while (left > 0 && refusal() == null) {
                if (pendingBytes.addAndGet(bytes) <= options.maxPendingBytes()) {
                    return true;
                }
                pendingBytes.addAndGet(-bytes);
                left = room.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            roomLock.unlock();
        }
        return false;
    }

    private void wakeWaiting() {
        if (options.overloadPolicy() == OverloadPolicy.WAIT) {
            roomLock.lock();
            try {
                room.signalAll();
            } finally {
                roomLock.unlock();
            }
        }
    }

    /** Reports the end of a call. The time is {@link Long#MIN_VALUE} if the call failed. */
    void settled(PendingCommand call, long nowNanos) {
        pendingBytes.addAndGet(-call.command.size());
        if (nowNanos != Long.MIN_VALUE) {
            commitTimer.record(nowNanos - call.calledAtNanos);
        }
        wakeWaiting();
    }

    /** Returns the exception for a request that failed. */
    public LoggosException failure(Effects.Failure failure) {
        if (halted.get() != null) {
            return haltedException();
        }
        if (failure == Effects.Failure.OUTCOME_UNKNOWN) {
            return new OutcomeUnknownException("log \"" + name + "\": the command was sent, and "
                    + (closed
                            ? "the replica was closed"
                            : "its outcome was not seen within "
                                    + options.requestTimeout().toMillis() + " ms"));
        }
        return closed
                ? closedException()
                : new UnavailableException("log \"" + name + "\": no leader was reached within "
                        + options.requestTimeout().toMillis() + " ms");
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
            wakeWaiting();
        }
    }

    boolean isHalted() {
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

    void onCheckpointFailed(long slot, Exception cause) {
        LOGGER.warn("node {}: no checkpoint of log \"{}\" at slot {}", self.value(), name, slot, cause);
    }

    public void checkpointAt(long slot) {
        checkpointSlot = slot;
    }

    public void progressed(ReplicaProgress now, long atNanos) {
        progress = now;
        caughtUp = !now.leader().isZero() && now.appliedSlot() >= now.knownChosenSlot();
        if (caughtUp) {
            caughtUpAtNanos = atNanos;
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
        if (caughtUp && now != null) {
            currentAt = Math.max(currentAt, loop.lastContactNanos(now.leader()));
        }
        return Duration.ofNanos(Math.max(0, clock.nanos() - currentAt));
    }

    @Override
    public ReplicaStatus status() {
        ReplicaProgress now = progress;
        ReplicaHaltedException halt = halted.get();
        String why = halt == null ? null : halt.getMessage();
        if (now == null) {
            Slot zero = Slot.ZERO;
            Role role = halt == null ? Role.FOLLOWER : Role.HALTED;
            return new ReplicaStatus(
                    name, role, null, Ballot.ZERO, zero, zero, zero, zero, zero, zero, pendingBytes.get(), why);
        }
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
                Slot.of(checkpointSlot),
                pendingBytes.get(),
                why);
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
        }
    }

    /** Refuses all further requests. The node closes the rest. */
    public void markClosed() {
        closed = true;
        wakeWaiting();
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
