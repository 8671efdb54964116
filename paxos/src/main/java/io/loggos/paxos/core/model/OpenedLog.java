package io.loggos.paxos.core.model;

import io.loggos.api.Ballot;
import io.loggos.api.LogId;
import io.loggos.api.spi.LogEntry;
import io.loggos.api.spi.LogRecord;
import io.loggos.api.spi.RecoveredLog;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The facts with which a life of a replica begins (RULES.md O-1).
 *
 * <p>A disk holds an acceptor log and checkpoints, and a crash may come between a write to one and a write to the other.
 * So their marks are reconciled here, in the only place where a log is opened. Let the log know all slots up to k as
 * chosen, and let the newest verified checkpoint be at slot c.
 *
 * <ul>
 *   <li>If c &gt; k, the log has no facts about the slots above k and up to c. Its records there may hold values that
 *       were never chosen, or be missing. They are dropped, and the log begins behind the checkpoint.
 *   <li>Otherwise all slots up to k are chosen, and the log holds their values from {@code truncatedBelow} on.
 * </ul>
 *
 * <p>The configuration is the later one of those that the log and the checkpoint know. What was accepted in an earlier
 * one above its last slot is void (RULES.md R-3). It is told by its ballot: later ballots are higher.
 *
 * <p>Other values accepted above {@code through} stay, and the promise never falls. The replica takes part
 * only once {@code firstWrites} are durable. Then the next life finds the same facts, whatever this one has told others.
 *
 * @param promised the highest ballot promised or accepted, or {@link Ballot#ZERO}
 * @param checkpointSlot the slot of the checkpoint with which the state machine begins, or 0
 * @param through the last slot up to which all chosen values are in the log or in the checkpoint
 * @param truncatedBelow the first slot that the log holds, at least 1
 * @param open the entries above {@code through} by slot, faulty ones included
 * @param configuration the configuration of the slots above {@code through}; null if it is the first one
 * @param firstWrites the records that must be durable before the replica sends or answers anything
 */
public record OpenedLog(
        Ballot promised,
        long checkpointSlot,
        long through,
        long truncatedBelow,
        List<LogEntry> open,
        @Nullable Configuration configuration,
        List<LogRecord> firstWrites) {

    /**
     * Reconciles an acceptor log with the newest verified checkpoint.
     *
     * @param checkpointSlot the slot of that checkpoint, or 0 if there is none
     * @param ofCheckpoint the configuration of the slots behind the checkpoint; null if it is the first one
     */
    public static OpenedLog of(
            LogId log, RecoveredLog recovered, long checkpointSlot, @Nullable Configuration ofCheckpoint) {
        Ballot promised = recovered.promised();
        for (LogEntry entry : recovered.open()) {
            promised = entry.ballot().isAbove(promised) ? entry.ballot() : promised;
        }
        long known = recovered.chosenThrough();
        LogRecord.Configured configured = recovered.configured();
        LogRecord.Configured ofSlotsBehind = null;
        if (ofCheckpoint != null
                && checkpointSlot > known
                && (configured == null || ofCheckpoint.number() > configured.number())) {
            ofSlotsBehind = new LogRecord.Configured(
                    log, ofCheckpoint.number(), checkpointSlot, promised, ofCheckpoint.toBytes());
            configured = ofSlotsBehind;
        }
        List<LogEntry> open = withoutVoid(recovered.open(), configured);
        Configuration configuration = configured == null ? null : Configuration.of(configured.configuration());
        if (checkpointSlot <= known) {
            return new OpenedLog(
                    promised, checkpointSlot, known, recovered.truncatedBelow(), open, configuration, List.of());
        }
        List<LogRecord> firstWrites = new ArrayList<>();
        if (ofSlotsBehind != null) {
            firstWrites.add(ofSlotsBehind);
        }
        firstWrites.add(new LogRecord.TruncatedBelow(log, checkpointSlot + 1));
        firstWrites.add(new LogRecord.ChosenThrough(log, checkpointSlot));
        return new OpenedLog(
                promised,
                checkpointSlot,
                checkpointSlot,
                checkpointSlot + 1,
                open.stream().filter(entry -> entry.slot() > checkpointSlot).toList(),
                configuration,
                List.copyOf(firstWrites));
    }

    /** True if neither the log nor a checkpoint has anything. */
    public boolean isNew() {
        return promised.isZero() && through == 0 && open.isEmpty() && configuration == null;
    }

    /** Returns the entries without those that were accepted in a configuration which ends before their slots. */
    private static List<LogEntry> withoutVoid(List<LogEntry> open, LogRecord.@Nullable Configured configured) {
        if (configured == null) {
            return open;
        }
        return open.stream()
                .filter(entry -> entry.slot() <= configured.slot()
                        || entry.faulty()
                        || entry.ballot().isAbove(configured.voided()))
                .toList();
    }
}
