package io.loggos.api.replica;

import io.loggos.api.Bytes;
import java.io.IOException;
import java.nio.file.Path;

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
 * <p>All three methods are called from one thread. An instance serves one replica and starts in its initial state.
 * After a restart, {@link #restore} and {@link #apply} bring back the earlier state.
 */
public interface StateMachine {
    /**
     * Applies a command and returns its answer.
     *
     * <p>An exception halts this replica. With {@link ApplyFailurePolicy#ANSWER} it becomes the answer instead.
     */
    Bytes apply(Command command);

    /**
     * Captures the present state and returns a writer for it.
     *
     * <p>Capture quickly, because commands wait meanwhile. The writer runs beside later calls of {@link #apply} and
     * must write the captured state.
     */
    CheckpointWriter checkpoint();

    /**
     * Replaces the whole state by the one that a {@link CheckpointWriter} wrote into this directory.
     *
     * <p>The files must only be read.
     */
    void restore(Path directory) throws IOException;
}
