package io.loggos.api;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A deterministic state machine (Schneider, <i>Implementing Fault-Tolerant Services Using the State Machine
 * Approach</i>, 1990). Every replica applies the same commands in the same order and must reach the same
 * state and the same answers.
 *
 * <p>That rules out, inside {@link #apply}: clocks (use {@link Command#logTime}), random numbers, threads,
 * I/O that can fail, the default locale, zone and charset, identity hash codes, and the iteration order of
 * {@code Set.of}, {@code Map.of} and hash tables of objects without a {@code hashCode} of their own.
 *
 * <p>All three methods are called from one thread. An instance serves one replica. It starts in its initial
 * state; what it held before a restart comes back through {@link #restore} and {@link #apply}.
 */
public interface StateMachine {
    /**
     * Applies a command and returns its answer. An exception halts this replica (or, with {@link
     * ApplyFailurePolicy#ANSWER}, becomes the answer).
     */
    Bytes apply(Command command);

    /**
     * Captures the state as it stands and returns what will write it. Capture quickly: commands wait
     * meanwhile. The writer runs beside later calls of {@link #apply} and must write the captured state.
     */
    CheckpointWriter checkpoint();

    /**
     * Replaces the whole state by the one that a {@link CheckpointWriter} wrote into this directory. The
     * files are only read.
     */
    void restore(Path directory) throws IOException;
}
