package io.loggos.benchmarks.commands.restart;

import io.loggos.benchmarks.harness.cli.ProgressLine;
import io.loggos.benchmarks.harness.process.Await;
import io.loggos.benchmarks.harness.trial.Bound;
import io.loggos.benchmarks.harness.trial.Finding;
import io.loggos.benchmarks.harness.trial.TrialReport;
import io.loggos.benchmarks.systems.loggos.audited.Acknowledged;
import io.loggos.benchmarks.systems.loggos.audited.ForkedCluster;
import io.loggos.benchmarks.systems.loggos.audited.ForkedNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;

/**
 * Three processes with a long log and no checkpoint, which are stopped and started again. There are three cases: one
 * node is killed while two go on, all are closed, and all are killed at once.
 *
 * <p>A node is ready when a command that was proposed at it is chosen and applied at it. There is a leader then, and
 * the node's own state is complete. The time runs from the moment the JVM is launched.
 */
final class RestartTrial {
    /** Settings of the trial. */
    record Settings(int commands, int inFlight, int payloadBytes) {
        static final int COMMANDS = 1_000_000;
    }

    private static final String WHAT = "restart";
    private static final double MOST_MILLIS = 5_000;
    private static final int STEPS = 4;
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final Settings settings;
    private final ForkedCluster cluster;
    private final TrialReport report;
    private final ProgressLine progress = new ProgressLine(STEPS);

    RestartTrial(Settings settings, ForkedCluster cluster, TrialReport report) {
        this.settings = settings;
        this.cluster = cluster;
        this.report = report;
    }

    void run() {
        progress.next("filling the log");
        cluster.startAll();
        ForkedNode leader = cluster.leader();
        report.ranIn(leader.description());
        Acknowledged filled = fill(leader);

        ForkedNode follower = cluster.nodes().stream()
                .filter(node -> node != leader)
                .findFirst()
                .orElseThrow();
        cluster.kill(follower);
        measure("one of three, killed", List.of(follower.id()));
        verify(filled);

        cluster.nodes().forEach(cluster::shutDown);
        measure("all three, closed", ForkedCluster.IDS);
        verify(filled);

        cluster.nodes().forEach(cluster::kill);
        measure("all three, killed", ForkedCluster.IDS);
        verify(filled);
    }

    private Acknowledged fill(ForkedNode leader) {
        leader.load(1, settings.inFlight(), settings.payloadBytes(), settings.commands());
        while (!leader.isLoadOver()) {
            Await.pause(PAUSE);
        }
        ForkedNode.Loaded loaded = leader.stopLoad();
        if (!loaded.failure().isEmpty()) {
            report.fault("the log could not be filled: " + loaded.failure());
        }
        progress.done(loaded.acknowledged().count() + " commands in "
                + leader.status().appliedSlot() + " slots");
        return loaded.acknowledged();
    }

    private void measure(String how, List<Integer> ids) {
        progress.next(how);
        List<ForkedNode> started = new ArrayList<>();
        ids.forEach(id -> started.add(cluster.start(id)));
        List<ForkedNode.Start> starts =
                started.stream().map(ForkedNode::awaitStart).toList();
        started.forEach(ForkedNode::getReady);
        List<ForkedNode.Ready> readies =
                started.stream().map(ForkedNode::awaitReady).toList();
        long launched =
                starts.stream().mapToLong(ForkedNode.Start::launched).min().orElseThrow();
        double readyMillis = since(launched, readies, ForkedNode.Ready::ready);
        double replayedMillis = since(launched, readies, ForkedNode.Ready::replayed);
        double ledMillis = since(launched, readies, ForkedNode.Ready::led);
        String setting = how + "; " + settings.commands() + " × " + settings.payloadBytes() + " B, filled with "
                + settings.inFlight() + " in flight";
        report.add(new Finding(WHAT, setting, "readyMillis", readyMillis, Bound.atMost(MOST_MILLIS)));
        report.add(Finding.of(WHAT, setting, "jvmMillis", longest(starts, Step.JVM)));
        report.add(Finding.of(WHAT, setting, "openMillis", longest(starts, Step.OPEN)));
        report.add(Finding.of(WHAT, setting, "replicateMillis", longest(starts, Step.REPLICATE)));
        report.add(Finding.of(WHAT, setting, "replayedAfterMillis", replayedMillis));
        report.add(Finding.of(WHAT, setting, "ledAfterMillis", ledMillis));
        progress.done(String.format(
                Locale.ROOT,
                "ready after %,.0f ms, replayed after %,.0f, led after %,.0f (JVM %,.0f, open %,.0f, replicate %,.0f ms)",
                readyMillis,
                replayedMillis,
                ledMillis,
                longest(starts, Step.JVM),
                longest(starts, Step.OPEN),
                longest(starts, Step.REPLICATE)));
    }

    private void verify(Acknowledged filled) {
        cluster.faults(List.of(filled)).forEach(report::fault);
    }

    private static double since(
            long launched, List<ForkedNode.Ready> readies, ToLongFunction<ForkedNode.Ready> moment) {
        return (readies.stream().mapToLong(moment).max().orElseThrow() - launched) / 1e6;
    }

    private enum Step {
        JVM,
        OPEN,
        REPLICATE
    }

    private static double longest(List<ForkedNode.Start> starts, Step step) {
        return starts.stream()
                        .mapToLong(start -> switch (step) {
                            case JVM -> start.begun() - start.launched();
                            case OPEN -> start.opened() - start.begun();
                            case REPLICATE -> start.replicated() - start.opened();
                        })
                        .max()
                        .orElseThrow()
                / 1e6;
    }
}
