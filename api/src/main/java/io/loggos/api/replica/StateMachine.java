package io.loggos.api.replica;

import io.loggos.api.Bytes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * A deterministic state machine, which every replica of a log runs (Schneider, ACM Computing Surveys 22(4), 1990).
 *
 * <p>All replicas apply the same commands in the same order. They must reach the same states and give the same answers
 * (<i>Implementing Fault-Tolerant Services Using the State Machine Approach</i>).
 *
 * <p>Therefore {@link #apply} must not use:
 *
 * <ul>
 *   <li>Clocks (use {@link Command#logTime}), random numbers, threads, or I/O that can fail.
 *   <li>The default locale, time zone or charset, or identity hash codes.
 *   <li>The iteration order of {@code Set.of}, {@code Map.of}, or a hash table whose keys do not define {@code
 *       hashCode}.
 * </ul>
 *
 * <p>All methods are called from one thread, which serves all state machines of a node. Only the {@link #restore}
 * that opens a log comes from the thread that opens it, before any other call. An instance serves one replica and starts
 * in its initial state. After a restart, {@link #restore} and {@link #apply} bring back the earlier state.
 */
public interface StateMachine {
    /**
     * Applies a command and returns its answer.
     *
     * <p>An exception halts this replica. With {@link ApplyFailurePolicy#ANSWER} it becomes the answer instead, unless it
     * tells of this node's disk or memory. The other logs of the node go on in any case. The answer is not null. An
     * interrupt flag that is left set is cleared.
     */
    Bytes apply(Command command);

    /**
     * Returns a digest of the present state, if that costs little, for example one that each change has updated.
     *
     * <p>Replicas that have applied the same commands must have the same digest, whatever checkpoint they began with. The
     * replicas compare it each {@link ReplicaOptions#digestSlots} slots, and one that differs halts. It is called between
     * two slots, and commands wait meanwhile. An exception halts this replica. Without it, only answers are compared.
     */
    default OptionalLong stateDigest() {
        return OptionalLong.empty();
    }

    /**
     * Captures the present state and returns a writer for it.
     *
     * <p>Capture quickly, because commands wait meanwhile. The writer runs beside later calls of {@link #apply} and
     * must write the captured state. A global snapshot captures the state as well. An exception halts
     * this replica, or fails the snapshot.
     */
    CheckpointWriter checkpoint();

    /**
     * Replaces the whole state by the one that a {@link CheckpointWriter} wrote into this directory.
     *
     * <p>The files must only be read. They may go away after the call. An {@link IOException} says that the files cannot
     * be used and that the state is as it was before; the replica then tries another checkpoint. After any other
     * exception the state is unknown: a replica that is open halts, and one that is being opened tries another
     * checkpoint.
     */
    void restore(Path directory) throws IOException;
}
