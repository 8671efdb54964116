package io.loggos.api.spi;

import io.loggos.api.Ballot;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The contents of an acceptor log when it is opened.
 *
 * @param promised the highest ballot promised, or {@link Ballot#ZERO}
 * @param chosenThrough the last slot up to which all slots are known to be chosen
 * @param truncatedBelow the first slot that is kept, at least 1
 * @param open the entries above {@code chosenThrough} by slot, faulty ones included
 * @param configured the last configuration that the log was told of; null if there was none
 */
public record RecoveredLog(
        Ballot promised,
        long chosenThrough,
        long truncatedBelow,
        List<LogEntry> open,
        LogRecord.@Nullable Configured configured) {
    /** The contents of a log that was never written. */
    public static final RecoveredLog EMPTY = new RecoveredLog(Ballot.ZERO, 0, 1, List.of(), null);
}
