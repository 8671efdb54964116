package io.loggos.api.group;

/** What a group does in a view that is not primary. */
public enum PartitionPolicy {
    /**
     * Refuses to send. When the partition heals, its members join the primary view as newcomers, and take over its
     * state.
     */
    REFUSE,
    /**
     * Goes on. When the partition heals, the views merge: {@link ViewChange#merged} says who was where, and bringing
     * the states together is the application's.
     */
    CONTINUE
}
