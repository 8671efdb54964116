package io.loggos.api;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * This node's replica of one log: the acceptor, learner and possible proposer of Multi-Paxos, and a state
 * machine. Safe for use by any thread. Any replica may be asked; it finds the leader by itself.
 *
 * <p>Futures complete on the thread that applies commands. What hangs on them without {@code Async} must be
 * short and must not block.
 */
public interface Replica extends AutoCloseable {
    /** The name of the log. */
    String name();

    /**
     * Proposes a command. The future completes once the command is chosen, durable on a quorum and applied
     * here, exactly once. Otherwise it completes exceptionally with
     *
     * <ul>
     *   <li>{@link CommandTooLargeException}, {@link OverloadedException}, {@link NodeClosedException}: it had
     *       and will have no effect;
     *   <li>{@link UnavailableException}: no leader was found in time; no effect;
     *   <li>{@link OutcomeUnknownException}: it was sent, and may or may not take effect;
     *   <li>{@link CommandFailedException}: the state machine threw;
     *   <li>{@link ReplicaHaltedException}: this replica has halted; a command that was sent before may
     *       still take effect on the others.
     * </ul>
     */
    CompletableFuture<Result<Bytes>> propose(Bytes command);

    /**
     * Runs a query against this replica's state, between two commands, on the thread that applies them: it
     * must be short and change nothing. What it throws, the future completes with. For {@link
     * Consistency#LINEARIZABLE} it may fail with {@link UnavailableException}.
     */
    <T> CompletableFuture<ReadResult<T>> read(Consistency consistency, Supplier<T> query);

    /** What this replica is doing. */
    ReplicaStatus status();

    /** Stops this replica; the node goes on. */
    @Override
    void close();
}
