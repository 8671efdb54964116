package io.loggos.api.replica;

import io.loggos.api.Bytes;
import io.loggos.api.NodeClosedException;
import io.loggos.api.NodeId;
import io.loggos.api.OutcomeUnknownException;
import io.loggos.api.OverloadPolicy;
import io.loggos.api.OverloadedException;
import io.loggos.api.RequestId;
import io.loggos.api.Slot;
import io.loggos.api.UnavailableException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * This node's replica of one log: acceptor, learner and possible proposer of Multi-Paxos, with a state machine.
 *
 * <p>Safe for use by any thread. Commands and reads may go to any replica, which finds the leader by itself.
 *
 * <p>Futures complete on threads of the node: with a result on the thread that applies commands, unless {@link
 * io.loggos.api.node.UserCodeOptions#answers} names an executor, with a failure on one of the threads {@code answer-N}.
 * Dependent stages added without {@code Async} must be short and must not block.
 */
public interface Replica extends AutoCloseable {
    /** The name of the log. */
    String name();

    /**
     * Proposes a command.
     *
     * <p>The call only queues the command. Under {@link OverloadPolicy#WAIT} it may block the calling thread, so it
     * must then not be made on a thread of the node. A thread that is interrupted while it waits gets
     * {@link OverloadedException} and stays interrupted.
     *
     * <p>The future completes once the command is chosen, durable on a quorum, and applied on this replica, exactly
     * once. Cancelling the future does not withdraw the command. Otherwise it completes exceptionally:
     *
     * <ul>
     *   <li>{@link CommandTooLargeException}, {@link OverloadedException}, {@link NodeClosedException}: the command has
     *       no effect.
     *   <li>{@link UnavailableException}: no leader was found within {@link ReplicaOptions#requestTimeout}. The command
     *       has no effect.
     *   <li>{@link OutcomeUnknownException}: the command was sent, and may or may not take effect.
     *   <li>{@link CommandFailedException}: the state machine threw on this command.
     *   <li>{@link ReplicaHaltedException}: this replica has halted. The command has no effect. A command that was sent
     *       before the halt fails with {@link OutcomeUnknownException}.
     * </ul>
     */
    CompletableFuture<Result<Bytes>> propose(Bytes command);

    /**
     * Proposes a command with an id of its caller. The command takes effect once, however often and wherever it is
     * proposed with this id, over changes of the leader and restarts of nodes and callers.
     *
     * <p>Every call gets the first answer, with the slot of the first call. The future completes as for {@link
     * #propose(Bytes)}; {@link OutcomeUnknownException} carries the id, and another call asks again. A command that
     * the state machine threw on keeps failing with {@link CommandFailedException}. If the log has dropped the answers of
     * the id's time ({@link ReplicaOptions#answerRetention}; 512 KiB of answers at most), the call fails with {@link
     * RequestTooOldException}. An id whose slot was not applied before the call fails with {@link CommandFailedException}.
     *
     * <p>Source: Lee et al., <i>Implementing Linearizability at Large Scale and Low Latency</i>, SOSP 2015.
     *
     * @param id the same for each call of this command, and for no other command
     */
    CompletableFuture<Result<Bytes>> propose(Bytes command, RequestId id);

    /**
     * Runs a query against this replica's state, between two commands.
     *
     * <p>The query runs on the thread that applies commands. It must be short and must not change the state. What
     * it throws, an {@link Error} or a checked exception as well, harms nothing else. Only a {@link VirtualMachineError}
     * other than a {@link StackOverflowError} halts this replica too, because its state is in doubt then.
     *
     * <p>The future completes with the query's value or exception, or with {@link NodeClosedException} or {@link
     * ReplicaHaltedException}. Like a command, a read is refused with {@link OverloadedException} or waits when too much
     * is pending. It may also fail with {@link UnavailableException}: a {@link Consistency#LINEARIZABLE} read if no leader
     * was found, a {@link Consistency#LOCAL} one while not all nodes of the cluster have met this node.
     */
    <T> CompletableFuture<ReadResult<T>> read(Consistency consistency, Supplier<T> query);

    /**
     * Runs a query against this replica's state once it has applied a slot, such as the slot of an earlier answer.
     *
     * <p>It sends no message, and yet never sees less than that answer did, at whatever replica. The result has the age
     * of the state. The future completes as that of {@link #read(Consistency, Supplier)} with {@link Consistency#LOCAL}. It
     * also fails with {@link UnavailableException} if the slot is not applied here within {@link
     * ReplicaOptions#requestTimeout}.
     */
    <T> CompletableFuture<ReadResult<T>> read(Slot atLeast, Supplier<T> query);

    /**
     * Asks what came of a command that was proposed with an id, by anyone at any replica, without proposing it.
     *
     * <p>This is a linearizable read of the answers that the log keeps. The future completes with the first answer. It
     * completes empty if the command has not taken effect yet; a call that is still under way may change that. {@link
     * #propose(Bytes, RequestId)} with the same id settles it. The future fails as the call with this id would: with {@link
     * CommandFailedException} or {@link RequestTooOldException}, and otherwise like a read.
     */
    CompletableFuture<Optional<Result<Bytes>>> outcome(RequestId id);

    /**
     * A future that completes with the leader once this replica knows one, at once if it does.
     *
     * <p>The leader may have failed a moment ago. The future fails with {@link UnavailableException} when the time is
     * over, and with {@link NodeClosedException} or {@link ReplicaHaltedException} if this replica has ended. The
     * message of the first names the nodes in contact, and how many are needed.
     *
     * @throws IllegalArgumentException if the timeout is not longer than zero
     */
    CompletableFuture<NodeId> awaitLeader(Duration timeout);

    /**
     * Hands the leadership of this log over to another replica.
     *
     * <p>Calls wait meanwhile, and none fails for it. The future completes once the target is seen to lead; at once if it
     * is this replica, and leads. Otherwise it completes within about an election timeout, with a {@link
     * LeadershipTransferException} that names the reason, or like a read with {@link NodeClosedException} or {@link
     * ReplicaHaltedException}.
     *
     * <p>{@link #close} and {@code Node.close} do the same by themselves, to a connected replica that lacks nearly
     * nothing.
     *
     * <p>Source: Ongaro, <i>Consensus: Bridging Theory and Practice</i>, section 3.10.
     */
    CompletableFuture<Void> transferLeadership(NodeId target);

    /** The present status of this replica. */
    ReplicaStatus status();

    /**
     * Stops this replica. The node stays open. A second call only waits.
     *
     * <p>Returns when its last write has ended and its state machine is not used any more, or after {@link
     * io.loggos.api.node.UserCodeOptions#closeTimeout}. In that case the thing that it waits for is logged, and the log
     * cannot be opened again before that has ended. What other replicas of the node do delays no close.
     *
     * <p>Pending commands fail with {@link OutcomeUnknownException} if they were sent, and all other pending requests
     * with {@link NodeClosedException}. The call waits for the threads of the node, so it must not be made on one of
     * them.
     */
    @Override
    void close();
}
