package io.loggos.api.kv.maintenance;

/**
 * An alarm of a store. It is part of the replicated state, so all nodes act on it at the same place of the log.
 *
 * @param member the number of the node that it concerns ({@link KeyValueOptions#member}); 0 if that is not known
 * @param kind its kind
 */
public record Alarm(long member, Kind kind) {
    /** The kinds of alarms. */
    public enum Kind {
        /**
         * The store of a node is larger than its quota. Puts and grants of leases are refused until the alarm is
         * disarmed. Deletions and compactions are not.
         */
        NO_SPACE,
        /** The copies of the store differ. All commands are refused until the alarm is disarmed; reads are not. */
        CORRUPT
    }
}
