package io.loggos.api.group;

/** Behaviour of a group in a view that is not primary. */
public enum PartitionPolicy {
    /**
     * Refuses to send. When the partition heals, the members join the primary view as new members and take over its
     * state.
     */
    REFUSE,
    /**
     * Goes on. When the partition heals, the views merge, and {@link ViewChange#merged} lists the views and their
     * members.
     *
     * <p>The application must merge the states.
     */
    CONTINUE
}
