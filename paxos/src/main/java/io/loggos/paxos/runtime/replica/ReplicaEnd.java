package io.loggos.paxos.runtime.replica;

import io.loggos.api.LoggosException;
import io.loggos.api.NodeClosedException;
import io.loggos.api.NodeId;
import io.loggos.api.OutcomeUnknownException;
import io.loggos.api.OverloadedException;
import io.loggos.api.UnavailableException;
import io.loggos.api.replica.ReplicaHaltedException;
import io.loggos.api.replica.ReplicaOptions;
import io.loggos.api.replica.Role;
import io.loggos.paxos.core.Proposer;
import io.loggos.paxos.core.model.Effects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The end of a replica, halted or closed, and the failures of its requests. Any thread. */
final class ReplicaEnd {
    private final NodeId self;
    private final String name;
    private final ReplicaOptions options;
    private final ReplicaLoop loop;
    private final AtomicReference<@Nullable ReplicaHaltedException> halted = new AtomicReference<>();
    private final String overloaded;
    private volatile boolean closed;

    ReplicaEnd(NodeId self, String name, ReplicaOptions options, ReplicaLoop loop) {
        this.self = self;
        this.name = name;
        this.options = options;
        this.loop = loop;
        this.overloaded =
                about("as many commands and reads are pending as may be, " + options.maxPendingBytes() + " bytes");
    }

    /** Takes the reason of the halt; false if the replica had halted before. */
    boolean halt(ReplicaHaltedException cause) {
        return halted.compareAndSet(null, cause);
    }

    @Nullable
    ReplicaHaltedException halted() {
        return halted.get();
    }

    void close() {
        closed = true;
    }

    boolean isClosed() {
        return closed;
    }

    /** The role of a replica whose proposer is in a phase. */
    Role role(Proposer.Phase phase) {
        if (halted.get() != null) {
            return Role.HALTED;
        }
        return switch (phase) {
            case IDLE -> Role.FOLLOWER;
            case PREPARING -> Role.CANDIDATE;
            case LEADING -> Role.LEADER;
        };
    }

    /** The reason why no request is taken any more; null if requests are taken. */
    @Nullable
    LoggosException refusal() {
        return halted.get() != null ? haltedException() : closed ? closedException() : null;
    }

    /** The exception for a request without room. */
    OverloadedException overloaded() {
        return new OverloadedException(overloaded);
    }

    /** The exception for a request that failed. */
    LoggosException failure(Effects.Failure failure) {
        ReplicaHaltedException halt = halted.get();
        if (failure == Effects.Failure.OUTCOME_UNKNOWN) {
            return halt == null ? unknown() : new OutcomeUnknownException(unknownAfterHalt(halt), halt);
        }
        LoggosException refusal = refusal();
        return refusal != null ? refusal : new UnavailableException(about("no leader was reached" + inTime()));
    }

    private OutcomeUnknownException unknown() {
        return new OutcomeUnknownException(about("the command was sent, and "
                + (closed ? "the replica was closed" : "its outcome was not seen" + inTime())));
    }

    private static String unknownAfterHalt(ReplicaHaltedException halt) {
        return "the command was sent, and this replica has halted since: " + halt.getMessage();
    }

    private String inTime() {
        return " within " + options.requestTimeout().toMillis() + " ms; " + loop.reach();
    }

    private String about(String text) {
        return "log \"" + name + "\": " + text;
    }

    private NodeClosedException closedException() {
        return new NodeClosedException("log \"" + name + "\" is closed on node " + self.value());
    }

    /** A new exception for each caller, with the same cause. */
    ReplicaHaltedException haltedException() {
        ReplicaHaltedException first = halted.get();
        return first == null
                ? new ReplicaHaltedException("log \"" + name + "\" has halted", null)
                : new ReplicaHaltedException(String.valueOf(first.getMessage()), first.getCause());
    }
}
