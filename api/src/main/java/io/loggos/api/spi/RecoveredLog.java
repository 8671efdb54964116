package io.loggos.api.spi;

import io.loggos.api.Ballot;
import java.util.List;

/**
 * What an acceptor log holds of one log when it is opened.
 *
 * @param promised the highest ballot promised, or {@link Ballot#ZERO}
 * @param chosenThrough every slot up to this one is known as chosen
 * @param truncatedBelow slots below this one are gone; at least 1
 * @param open what is accepted above {@code chosenThrough}, by slot; faulty records among them
 */
public record RecoveredLog(Ballot promised, long chosenThrough, long truncatedBelow, List<LogEntry> open) {
    /** What is held of a log that was never written. */
    public static final RecoveredLog EMPTY = new RecoveredLog(Ballot.ZERO, 0, 1, List.of());
}
