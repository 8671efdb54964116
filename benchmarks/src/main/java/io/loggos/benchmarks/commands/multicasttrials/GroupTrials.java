package io.loggos.benchmarks.commands.multicasttrials;

import io.loggos.api.group.Ordering;
import io.loggos.benchmarks.harness.cli.ProgressLine;
import io.loggos.benchmarks.harness.process.Await;
import io.loggos.benchmarks.harness.trial.Bound;
import io.loggos.benchmarks.harness.trial.Finding;
import io.loggos.benchmarks.harness.trial.RoundFigures;
import io.loggos.benchmarks.harness.trial.TrialReport;
import io.loggos.benchmarks.systems.catalog.Catalog;
import io.loggos.benchmarks.systems.multicast.DeliveryAudit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;

/**
 * Trials of a group of four members in which one fails. Each round has a new group in new processes. A further trial
 * lets no member fail for a long time: the view must stay as it is.
 *
 * <p>Under load all four members send in total order, as fast as flow control lets them. They stop a second after the
 * survivors have their new view. Then every survivor must hold everything that each survivor has sent. All must hold
 * the same prefix of the messages of the dead member, nothing twice, and everything in one order.
 */
final class GroupTrials {
    /** The kinds of faults. */
    enum Fault {
        /** A member that is not the coordinator is killed; nobody sends. */
        KILL,
        /** The coordinator, which is also the sequencer, is killed while all send. */
        COORDINATOR,
        /** A member that is not the coordinator is stopped and keeps its connections; nobody sends. */
        SILENCE,
        /** No fault, while all send for a long time; one round. */
        NONE
    }

    private static final Duration UNDER_LOAD = Duration.ofSeconds(1);
    private static final int PAYLOAD_BYTES = 1024;
    /** Time after the load within which everything under way must be delivered everywhere. */
    private static final Duration SETTLING = Duration.ofSeconds(20);

    private final String system;
    private final int rounds;
    private final Duration soak;
    private final Path directory;
    private final TrialReport report;
    private RoundFigures viewMillis = new RoundFigures();
    private RoundFigures gapMillis = new RoundFigures();
    private int uneven;
    private int viewChanges;
    private long delivered;

    /**
     * Creates trials of one system.
     *
     * @param soak duration of the trial without a fault
     */
    GroupTrials(String system, int rounds, Duration soak, Path directory, TrialReport report) {
        this.system = system;
        this.rounds = rounds;
        this.soak = soak;
        this.directory = directory;
        this.report = report;
    }

    /** Runs the rounds with this fault. */
    void run(Fault fault) throws IOException {
        viewMillis = new RoundFigures();
        gapMillis = new RoundFigures();
        uneven = 0;
        viewChanges = 0;
        delivered = 0;
        int times = fault == Fault.NONE ? 1 : rounds;
        ProgressLine progress = new ProgressLine(times);
        for (int round = 1; round <= times; round++) {
            progress.next(system + ", " + name(fault) + " " + round);
            Path empty = Files.createTempDirectory(directory, "group-");
            try (TrialGroup group = TrialGroup.open(system, empty, Ordering.TOTAL)) {
                report.ranIn(group.running().get(0).description());
                switch (fault) {
                    case NONE -> undisturbed(group);
                    case COORDINATOR -> underLoad(group);
                    case KILL, SILENCE -> idle(group, fault);
                }
            }
            progress.done(
                    fault == Fault.NONE
                            ? viewChanges + " view changes"
                            : String.format(Locale.ROOT, "new view after %.0f ms", viewMillis.last()));
        }
        findings(fault, times);
    }

    private void idle(TrialGroup group, Fault fault) {
        ForkedMember victim = group.other();
        long failedNanos = System.nanoTime();
        if (fault == Fault.KILL) {
            group.kill(victim);
        } else {
            group.silence(victim);
        }
        viewMillis.addNanos(group.awaitView(TrialGroup.MEMBERS - 1) - failedNanos);
    }

    private void underLoad(TrialGroup group) {
        ForkedMember victim = group.coordinator();
        group.running().forEach(member -> member.load(PAYLOAD_BYTES));
        Await.pause(UNDER_LOAD);
        List<ForkedMember> survivors =
                group.running().stream().filter(member -> member != victim).toList();
        survivors.forEach(ForkedMember::markGaps);
        long failedNanos = System.nanoTime();
        group.kill(victim);
        viewMillis.addNanos(group.awaitView(TrialGroup.MEMBERS - 1) - failedNanos);
        Await.pause(UNDER_LOAD);
        // The gap is read before the load ends: silence after the load is no gap.
        endLoad(survivors);
    }

    private void undisturbed(TrialGroup group) {
        List<ForkedMember> members = group.running();
        int views = views(members);
        members.forEach(member -> member.load(PAYLOAD_BYTES));
        Await.pause(UNDER_LOAD);
        members.forEach(ForkedMember::markGaps);
        Await.pause(soak);
        viewChanges = views(members) - views;
        endLoad(members);
    }

    private static int views(List<ForkedMember> members) {
        return members.stream().mapToInt(member -> member.view().number()).sum();
    }

    /** Ends the load of the survivors and compares them. */
    private void endLoad(List<ForkedMember> survivors) {
        gapMillis.addNanos(survivors.stream()
                .mapToLong(ForkedMember::longestGapNanos)
                .max()
                .orElseThrow());
        List<Long> sent = new ArrayList<>();
        for (ForkedMember survivor : survivors) {
            ForkedMember.Loaded loaded = survivor.stopLoad();
            sent.add(loaded.sent());
            if (!loaded.failure().isEmpty()) {
                ProgressLine.complain("member " + survivor.number() + ": " + loaded.failure());
            }
        }
        boolean even = Await.until(SETTLING, () -> isEven(survivors, sent));
        delivered += survivors.get(0).state().next().stream()
                .mapToLong(Long::longValue)
                .sum();
        if (!even) {
            uneven++;
            report.fault(system + ": the survivors differ: "
                    + survivors.stream().map(ForkedMember::state).toList() + ", sent " + sent);
        }
    }

    private static boolean isEven(List<ForkedMember> survivors, List<Long> sent) {
        List<DeliveryAudit.State> states =
                survivors.stream().map(ForkedMember::state).toList();
        DeliveryAudit.State first = states.get(0);
        for (int i = 0; i < sent.size(); i++) {
            if (!first.next().get(survivors.get(i).number()).equals(sent.get(i))) {
                return false;
            }
        }
        return first.inOrder() && new HashSet<>(states).size() == 1;
    }

    private void findings(Fault fault, int times) {
        String what = "multicast-" + name(fault);
        String setting =
                system + " (" + Catalog.MULTICAST.byName(system).subject().version() + "), " + TrialGroup.MEMBERS
                        + " members, " + (fault == Fault.NONE ? soak.toMinutes() + " minutes" : times + " rounds");
        if (fault == Fault.NONE) {
            report.add(new Finding(what, setting, "viewChanges", viewChanges, Bound.atMost(0)));
        } else {
            report.add(Finding.of(what, setting, "longestUntilNewViewMillis", viewMillis.most()));
            report.add(Finding.of(what, setting, "medianUntilNewViewMillis", viewMillis.median()));
        }
        if (fault == Fault.COORDINATOR || fault == Fault.NONE) {
            report.add(Finding.of(what, setting, "longestGapMillis", gapMillis.most()));
            report.add(Finding.of(what, setting, "medianGapMillis", gapMillis.median()));
            report.add(new Finding(what, setting, "unevenRounds", uneven, Bound.atMost(0)));
            report.add(Finding.of(what, setting, "deliveredMulticasts", (double) delivered));
        }
    }

    private static String name(Fault fault) {
        return fault.name().toLowerCase(Locale.ROOT);
    }
}
