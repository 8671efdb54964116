package io.loggos.snapshot.sim;

import io.loggos.api.Bytes;
import io.loggos.api.snapshot.SnapshotId;
import io.loggos.snapshot.sim.Book.Event;
import java.util.Collection;
import java.util.TreeSet;

/**
 * CL7 for one stable property: all work is done. A cut of all nodes in which none has work and none is in a channel says so;
 * from that cut on nobody may do any or receive any.
 */
final class TerminationRules {
    private final SimCluster cluster;
    private final TreeSet<SnapshotId> verdicts = new TreeSet<>();

    TerminationRules(SimCluster cluster) {
        this.cluster = cluster;
    }

    /** A cut that holds all other predicates. */
    void judge(SnapshotId id, Collection<Cut> cuts) {
        if (cuts.size() == cluster.settings.nodes() && cuts.stream().allMatch(TerminationRules::isIdle)) {
            for (Cut cut : cuts) {
                cut.book.events.stream().skip(cut.events).forEach(event -> check(cut.book, event));
            }
            verdicts.add(id);
            cluster.note("the work was found to be done");
        }
    }

    /** Something happens in an application. */
    void happened(Book book, Event event) {
        if (!verdicts.isEmpty()) {
            check(book, event);
        }
    }

    /** Whether a snapshot says that all work is done. */
    boolean isDoneBy(SnapshotId id) {
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
