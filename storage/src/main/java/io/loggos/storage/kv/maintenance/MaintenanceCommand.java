package io.loggos.storage.kv.maintenance;

import io.loggos.api.kv.maintenance.Alarm;

/** A command for the upkeep of the store. */
sealed interface MaintenanceCommand {
    /** Raises an alarm. */
    record Raise(Alarm alarm) implements MaintenanceCommand {}

    /** Disarms an alarm. */
    record Disarm(Alarm alarm) implements MaintenanceCommand {}

    /** Begins a comparison of all copies as of the slot of this command. */
    record Compare() implements MaintenanceCommand {}

    /**
     * Tells the hash of a copy.
     *
     * @param slot the slot of the comparison
     * @param member the number of the node
     */
    record Report(long slot, long member, int hash) implements MaintenanceCommand {}
}
