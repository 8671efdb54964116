package io.loggos.api.snapshot;

import java.util.Optional;

/**
 * A property that, once true, stays true: a computation has ended, processes are deadlocked, an object can be reached by
 * nobody (Chandy and Lamport 1985, section 4). If it is true of a cut it is true of the system from the end of that
 * snapshot on. If it is false of the cut, it was false when the snapshot began, and nothing is said of later.
 *
 * <p>A property that can become false again must not be looked for in this way: it may be true of a cut that the system
 * never passed through.
 *
 * @param <T> what is found: the cycle, the objects, ...
 */
@FunctionalInterface
public interface StableProperty<T> {
    /** What is found in a cut; empty if the property does not hold. Must not change anything. */
    Optional<T> find(GlobalSnapshot cut);
}
