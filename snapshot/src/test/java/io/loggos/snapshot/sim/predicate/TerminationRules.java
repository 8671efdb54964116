package io.loggos.snapshot.sim.predicate;

import io.loggos.api.Bytes;
import io.loggos.api.snapshot.SnapshotId;
import io.loggos.snapshot.sim.predicate.Book.Event;
import io.loggos.testkit.Violation;
import io.loggos.testkit.sim.Journal;
import java.util.Collection;
import java.util.TreeSet;

/**
 * CL7 for one stable property: all work is done. A cut of all nodes says so if no node has work and no channel holds any. From
 * that cut on nobody may do or receive any.
 */
public final class TerminationRules {
    private final Journal journal;
    private final int nodes;
    private final TreeSet<SnapshotId> verdicts = new TreeSet<>();

    TerminationRules(Journal journal, int nodes) {
        this.nodes = nodes;
        this.journal = journal;
    }

    /** A cut that holds all other predicates. */
    void judge(SnapshotId id, Collection<Cut> cuts) {
        if (cuts.size() == nodes && cuts.stream().allMatch(TerminationRules::isIdle)) {
            for (Cut cut : cuts) {
                cut.book.events.stream().skip(cut.events).forEach(event -> check(cut.book, event));
            }
            verdicts.add(id);
            journal.note("the work was found to be done");
        }
    }

    /** Something happens in an application. */
    void happened(Book book, Event event) {
        if (!verdicts.isEmpty()) {
            check(book, event);
        }
    }

    /** True if a snapshot says that all work is done. */
    public boolean isDoneBy(SnapshotId id) {
        return verdicts.contains(id);
    }

    private static void check(Book book, Event event) {
        Violation.unless(!event.isAboutWork(), "CL7", () -> book.node + " has work after the end: " + event);
    }

    private static boolean isIdle(Cut cut) {
        return cut.state.work() == 0
                && CutRules.recording(cut).incoming().values().stream()
                        .flatMap(channel -> channel.messages().stream())
                        .noneMatch(TerminationRules::isWork);
    }

    private static boolean isWork(Bytes bytes) {
        return BankMessage.is(bytes) && BankMessage.decode(bytes).work() > 0;
    }
}
