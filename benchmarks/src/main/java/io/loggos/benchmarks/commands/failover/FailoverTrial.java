package io.loggos.benchmarks.commands.failover;

import io.loggos.benchmarks.harness.cli.ProgressLine;
import io.loggos.benchmarks.harness.process.Await;
import io.loggos.benchmarks.harness.trial.Bound;
import io.loggos.benchmarks.harness.trial.Finding;
import io.loggos.benchmarks.harness.trial.GapTracker;
import io.loggos.benchmarks.harness.trial.RoundFigures;
import io.loggos.benchmarks.harness.trial.TrialReport;
import io.loggos.benchmarks.systems.loggos.audited.Acknowledged;
import io.loggos.benchmarks.systems.loggos.audited.ForkedCluster;
import io.loggos.benchmarks.systems.loggos.audited.ForkedNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Three processes under load, of which the leader is killed or closed, again and again.
 *
 * <p>The load goes through the two that survive: any node takes proposals. A commit counts when a survivor applies it.
 * The figure of a round is the longest time in which a survivor applied nothing. It is taken from just before the kill
 * until two election timeouts and a second after it. Then that node is started again on its data; the round is
 * over when it has caught up under load. At the end every command that was ever acknowledged must be on every replica,
 * once.
 */
final class FailoverTrial {
    /**
     * Settings of the trial.
     *
     * @param inFlight commands under way through both survivors together
     * @param planned true if leaders are closed, false if they are killed
     */
    record Settings(int rounds, Duration electionTimeout, int inFlight, int payloadBytes, boolean planned) {
        static final int ROUNDS = 10;
    }

    private static final String WHAT = "failover";
    private static final double MOST_PERCENT = 150;
    /** Longest gap of a hand-over, which waits for three writes and for no timeout. */
    private static final double MOST_PLANNED_MILLIS = 50;

    private static final Duration BEFORE_KILL = Duration.ofSeconds(1);
    private static final Duration AFTER_KILL = Duration.ofSeconds(1);
    private static final long CAUGHT_UP_SLOTS = 100;

    private final Settings settings;
    private final ForkedCluster cluster;
    private final TrialReport report;
    private final ProgressLine progress;
    private final List<Acknowledged> acknowledged = new ArrayList<>();
    private final RoundFigures gaps = new RoundFigures();
    private final RoundFigures returnMillis = new RoundFigures();
    private final RoundFigures returnGaps = new RoundFigures();
    private long origins;
    private int unacknowledged;
    private String firstFailure = "";

    FailoverTrial(Settings settings, ForkedCluster cluster, TrialReport report) {
        this.settings = settings;
        this.cluster = cluster;
        this.report = report;
        this.progress = new ProgressLine(settings.rounds());
    }

    void run() {
        cluster.startAll();
        report.ranIn(cluster.leader().description());
        for (int round = 1; round <= settings.rounds(); round++) {
            round(round);
        }
        settle();
        findings();
    }

    private void round(int round) {
        progress.next((settings.planned() ? "hand-over " : "kill ") + round);
        ForkedNode leader = cluster.leader();
        List<ForkedNode> survivors =
                cluster.nodes().stream().filter(node -> node != leader).toList();
        for (ForkedNode survivor : survivors) {
            survivor.load(
                    ++origins, settings.inFlight() / survivors.size(), settings.payloadBytes(), Integer.MAX_VALUE);
        }
        Await.pause(BEFORE_KILL);
        survivors.forEach(ForkedNode::markGaps);
        long killedNanos = System.nanoTime();
        if (settings.planned()) {
            cluster.shutDown(leader);
        } else {
            cluster.kill(leader);
        }
        Await.pause(settings.electionTimeout().multipliedBy(2).plus(AFTER_KILL));
        GapTracker.Seen kill = longest(survivors);
        gaps.addNanos(kill.longestNanos());

        long startedNanos = System.nanoTime();
        ForkedNode back = cluster.start(leader.id());
        back.awaitStart();
        cluster.await("the killed node does not catch up", () -> isCaughtUp(back));
        returnMillis.addNanos(System.nanoTime() - startedNanos);
        returnGaps.addNanos(longest(survivors).longestNanos());
        survivors.forEach(this::stop);
        progress.done(String.format(
                Locale.ROOT,
                "node %d gone, no commit from %.0f to %.0f ms after the kill; back and caught up after %.1f s,"
                        + " longest gap meanwhile %.0f ms",
                leader.id(),
                millis(kill.beginNanos() - killedNanos),
                millis(kill.beginNanos() + kill.longestNanos() - killedNanos),
                returnMillis.last() / 1e3,
                returnGaps.last()));
    }

    private boolean isCaughtUp(ForkedNode back) {
        long chosen = cluster.nodes().stream()
                .mapToLong(node -> node.status().knownChosenSlot())
                .max()
                .orElseThrow();
        ForkedNode.Status status = back.status();
        return status.leader() != 0 && status.appliedSlot() > 0 && chosen - status.appliedSlot() <= CAUGHT_UP_SLOTS;
    }

    private static GapTracker.Seen longest(List<ForkedNode> survivors) {
        GapTracker.Seen longest = new GapTracker.Seen(0, 0, 0);
        for (ForkedNode survivor : survivors) {
            GapTracker.Seen seen = survivor.gaps();
            longest = seen.longestNanos() > longest.longestNanos() ? seen : longest;
        }
        return longest;
    }

    private void stop(ForkedNode survivor) {
        ForkedNode.Loaded loaded = survivor.stopLoad();
        acknowledged.add(loaded.acknowledged());
        int failed = loaded.acknowledged().proposed() - loaded.acknowledged().count();
        if (failed > 0) {
            unacknowledged += failed;
            firstFailure = firstFailure.isEmpty() ? loaded.failure() : firstFailure;
        }
    }

    private void settle() {
        if (unacknowledged > 0) {
            ProgressLine.complain(
                    unacknowledged + " commands were not acknowledged, the first because of " + firstFailure);
        }
        cluster.faults(acknowledged).forEach(report::fault);
    }

    private void findings() {
        String setting = settings.electionTimeout().toMillis() + " ms election timeout, " + settings.inFlight()
                + " in flight, " + settings.rounds() + (settings.planned() ? " hand-overs" : " kills");
        double timeoutMillis = settings.electionTimeout().toMillis();
        if (settings.planned()) {
            report.add(new Finding(WHAT, setting, "longestGapMillis", gaps.most(), Bound.atMost(MOST_PLANNED_MILLIS)));
        } else {
            report.add(new Finding(
                    WHAT,
                    setting,
                    "longestGapPercentOfElectionTimeout",
                    100 * gaps.most() / timeoutMillis,
                    Bound.atMost(MOST_PERCENT)));
            report.add(Finding.of(WHAT, setting, "longestGapMillis", gaps.most()));
        }
        report.add(Finding.of(WHAT, setting, "medianGapMillis", gaps.median()));
        report.add(Finding.of(WHAT, setting, "longestGapAtReturnMillis", returnGaps.most()));
        report.add(Finding.of(WHAT, setting, "longestReturnMillis", returnMillis.most()));
        report.add(Finding.of(
                WHAT,
                setting,
                "acknowledgedCommands",
                acknowledged.stream().mapToDouble(Acknowledged::count).sum()));
        report.add(Finding.of(WHAT, setting, "unacknowledgedCommands", unacknowledged));
    }

    private static double millis(long nanos) {
        return nanos / 1e6;
    }
}
