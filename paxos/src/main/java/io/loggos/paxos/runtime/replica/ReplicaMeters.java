package io.loggos.paxos.runtime.replica;

import io.loggos.api.replica.ReplicaStatus;
import io.loggos.api.replica.Role;
import io.loggos.api.spi.Clock;
import io.loggos.api.spi.MeterScope;
import io.loggos.api.spi.Meters;
import io.loggos.paxos.core.ReplicaProgress;
import java.util.function.Supplier;

/** The meters of a replica. Its gauges read its status when they are read. */
final class ReplicaMeters {
    final Meters.Timer commit;
    final Meters.Counter overloads;
    final Meters.Counter unusableCheckpoints;

    ReplicaMeters(MeterScope meters, Clock clock, Supplier<ReplicaStatus> status, Supplier<ReplicaProgress> progress) {
        commit = meters.timer("loggos.commit");
        overloads = meters.counter("loggos.overloads");
        unusableCheckpoints = meters.counter("loggos.checkpoints.unusable");
        meters.gauge("loggos.pending.bytes", () -> status.get().pendingBytes());
        meters.gauge("loggos.slot.applied", () -> status.get().appliedSlot().value());
        meters.gauge("loggos.slot.chosen", () -> progress.get().chosenSlot());
        meters.gauge("loggos.slot.agreed", () -> progress.get().agreedSlot());
        meters.gauge("loggos.slot.lag", () -> status.get().lagSlots());
        meters.gauge("loggos.apply.queue.bytes", () -> progress.get().feedBytes());
        meters.gauge("loggos.slots.open", () -> progress.get().openSlots());
        meters.gauge("loggos.leading", () -> status.get().role() == Role.LEADER ? 1 : 0);
        meters.gauge(
                "loggos.leased",
                () -> status.get().halted() == null && progress.get().isLeasedAt(clock.nanos()) ? 1 : 0);
        meters.gauge("loggos.halted", () -> status.get().halted() == null ? 0 : 1);
    }
}
