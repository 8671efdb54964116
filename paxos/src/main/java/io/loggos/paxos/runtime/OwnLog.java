package io.loggos.paxos.runtime;

import io.loggos.api.LogId;
import io.loggos.api.NodeClosedException;
import io.loggos.api.NodeId;
import io.loggos.api.replica.StateMachine;
import io.loggos.api.spi.Clock;
import io.loggos.paxos.runtime.agent.BackgroundWorker;
import io.loggos.paxos.runtime.replica.LocalReplica;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A log of the library's own, which is opened once this node needs it or hears of it: all nodes have a say in it.
 *
 * <p>Any thread.
 */
final class OwnLog {
    private static final Logger LOGGER = LoggerFactory.getLogger(OwnLog.class);

    private final NodeId self;
    private final String name;
    private final LogId id;
    private final Supplier<StateMachine> machine;
    private final Clock clock;
    private final long pauseNanos;
    /** True once it was opened here, or is about to be. */
    private final AtomicBoolean wanted = new AtomicBoolean();
    /** The end of the pause after a failed attempt to open it. Owned by the worker. */
    private long notBeforeNanos = Long.MIN_VALUE;

    private final AtomicReference<@Nullable LocalReplica> replica = new AtomicReference<>();

    OwnLog(NodeId self, String name, Supplier<StateMachine> machine, Clock clock, long pauseNanos) {
        this.self = self;
        this.name = name;
        this.id = LogId.ofName(name);
        this.machine = machine;
        this.clock = clock;
        this.pauseNanos = pauseNanos;
    }

    boolean is(LogId log) {
        return id.equals(log);
    }

    /** Its replica on this node; null while it is not open. */
    @Nullable
    LocalReplica replica() {
        return replica.get();
    }

    /** Opens it, unless it is open. */
    void open(Function<StateMachine, LocalReplica> opening) {
        if (wanted.compareAndSet(false, true)) {
            try {
                replica.set(opening.apply(machine.get()));
            } catch (RuntimeException e) {
                wanted.set(false);
                throw e;
            }
        }
    }

    /** Opens it on a worker, which tries again later if that fails. */
    void openLater(BackgroundWorker worker, Function<StateMachine, LocalReplica> opening) {
        worker.execute(() -> {
            long now = clock.nanos();
            if (now < notBeforeNanos) {
                return;
            }
            try {
                open(opening);
            } catch (NodeClosedException e) {
                // There is nobody any more to whom the log would matter.
            } catch (RuntimeException e) {
                notBeforeNanos = now + pauseNanos;
                LOGGER.error("node {}: log \"{}\" cannot be opened", self.value(), name, e);
            }
        });
    }
}
