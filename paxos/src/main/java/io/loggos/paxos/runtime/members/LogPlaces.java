package io.loggos.paxos.runtime.members;

import io.loggos.api.LogId;
import io.loggos.api.spi.AcceptorLog;
import io.loggos.api.spi.LogRecord;
import io.loggos.api.spi.RecoveredLog;
import io.loggos.paxos.members.MembersCommand;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The places of this node's logs in the changes of the members, from its disk. On the loop's thread. */
public final class LogPlaces {
    private final ClusterMembers members;
    private final AcceptorLog disk;

    public LogPlaces(ClusterMembers members, AcceptorLog disk) {
        this.members = members;
        this.disk = disk;
    }

    /**
     * Reports all logs in which this node has a part, open or not.
     *
     * @param number the number of the configuration that the report is about
     * @param open the number of the configuration of a log that is open here, 0 before it has begun; null if it is not
     */
    public MembersCommand.Report report(long incarnation, long number, Function<LogId, @Nullable Long> open) {
        TreeMap<LogId, MembersCommand.LogNumber> numbers = new TreeMap<>();
        disk.logs().forEach((log, name) -> {
            MembersCommand.LogNumber place = placeOf(log, name, open.apply(log));
            if (place != null) {
                numbers.put(log, place);
            }
        });
        return new MembersCommand.Report(members.self(), incarnation, number, numbers);
    }

    /** Null if this node has had no part in the log: it has not begun, or knows nothing yet. */
    private MembersCommand.@Nullable LogNumber placeOf(LogId log, String name, @Nullable Long open) {
        RecoveredLog written = disk.recover(log);
        LogRecord.Configured configured = written.configured();
        long number;
        if (open != null) {
            number = open;
        } else if (configured != null) {
            number = configured.number();
        } else {
            number = written.equals(RecoveredLog.EMPTY)
                    ? 0
                    : members.get().ofOldLog().number();
        }
        boolean known = number == 1 || (configured != null && configured.number() == number);
        long behind = number == 1 || configured == null ? 0 : configured.slot();
        return number == 0 ? null : new MembersCommand.LogNumber(name, number, known ? behind : Long.MAX_VALUE);
    }
}
