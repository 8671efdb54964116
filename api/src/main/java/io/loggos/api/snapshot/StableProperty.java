package io.loggos.api.snapshot;

import java.util.Optional;

/**
 * A property that stays true once it is true (Chandy and Lamport 1985, section 4).
 *
 * <p>Examples: a computation has ended, processes are deadlocked, an object cannot be reached any more. If the property
 * holds in a cut, it holds in the system from the end of that snapshot on. If it does not hold in the cut, it did not
 * hold when the snapshot began; the cut says nothing about later times.
 *
 * <p>Do not use this interface for a property that can become false again. Such a property may hold in a cut that the
 * system never passed through.
 *
 * @param <T> the type of the finding, such as the cycle or the objects
 */
@FunctionalInterface
public interface StableProperty<T> {
    /**
     * Returns the finding in a cut, or empty if the property does not hold. Must not change anything.
     *
     * <p>A {@link Watch} calls it on a background thread of the node.
     */
    Optional<T> find(GlobalSnapshot cut);
}
