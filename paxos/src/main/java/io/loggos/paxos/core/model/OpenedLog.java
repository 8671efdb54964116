package io.loggos.paxos.core.model;

import io.loggos.api.Ballot;
import io.loggos.api.LogId;
import io.loggos.api.spi.LogEntry;
import io.loggos.api.spi.LogRecord;
import io.loggos.api.spi.RecoveredLog;
import java.util.List;

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
 * <p>In both cases the values accepted above {@code through} stay, and the promise never falls. The replica takes part
 * only once {@code firstWrites} are durable. Then the next life finds the same facts, whatever this one has told others.
 *
 * @param promised the highest ballot promised or accepted, or {@link Ballot#ZERO}
 * @param checkpointSlot the slot of the checkpoint with which the state machine begins, or 0
 * @param through the last slot up to which all chosen values are in the log or in the checkpoint
 * @param truncatedBelow the first slot that the log holds, at least 1
 * @param open the entries above {@code through} by slot, faulty ones included
 * @param firstWrites the records that must be durable before the replica sends or answers anything
 */
public record OpenedLog(
        Ballot promised,
        long checkpointSlot,
        long through,
        long truncatedBelow,
        List<LogEntry> open,
        List<LogRecord> firstWrites) {

    /**
     * Reconciles an acceptor log with the newest verified checkpoint.
     *
     * @param checkpointSlot the slot of that checkpoint, or 0 if there is none
     */
    public static OpenedLog of(LogId log, RecoveredLog recovered, long checkpointSlot) {
        Ballot promised = recovered.promised();
        for (LogEntry entry : recovered.open()) {
            promised = entry.ballot().isAbove(promised) ? entry.ballot() : promised;
        }
        long known = recovered.chosenThrough();
        if (checkpointSlot <= known) {
            return new OpenedLog(
                    promised, checkpointSlot, known, recovered.truncatedBelow(), recovered.open(), List.of());
        }
        return new OpenedLog(
                promised,
                checkpointSlot,
                checkpointSlot,
                checkpointSlot + 1,
                recovered.open().stream()
                        .filter(entry -> entry.slot() > checkpointSlot)
                        .toList(),
                List.of(
                        new LogRecord.TruncatedBelow(log, checkpointSlot + 1),
                        new LogRecord.ChosenThrough(log, checkpointSlot)));
    }
}
