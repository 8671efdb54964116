package io.loggos.storage.kv.watch;

import io.loggos.testkit.Mutant;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Bugs planted in watches. The judge must see each of them. */
class WatchMutantsTest {
    private static final int SEEDS = 60;

    @TempDir
    Path directory;

    @ParameterizedTest
    @MethodSource("mutants")
    void isCaught(Mutant mutant) throws IOException, ReflectiveOperationException {
        mutant.mustBeCaught(directory, WatchSimulation.class, 0, SEEDS);
    }

    static Stream<Mutant> mutants() {
        return Stream.of(
                new Mutant(
                        "a range is not found under its first key",
                        "watch/core/RangeIndex.java",
                        "if (node.range.first().compareTo(key) <= 0) {",
                        "if (node.range.first().compareTo(key) < 0) {"),
                new Mutant(
                        "the largest end of a subtree forgets the right side",
                        "watch/core/RangeIndex.java",
                        "node.largestEnd = node.right == null ? largest : later(largest, node.right.largestEnd);",
                        "node.largestEnd = largest;"),
                new Mutant(
                        "revisions that were left out go unnoticed",
                        "watch/core/Watchers.java",
                        "if (revision.number() > tip + 1) {",
                        "if (revision.number() < tip) {"),
                new Mutant(
                        "an installed checkpoint goes unnoticed",
                        "watch/ChangeFeed.java",
                        "            missedThrough = revision;\n",
                        ""),
                new Mutant(
                        "a page is read again from its last revision",
                        "watch/core/Watchers.java",
                        "Math.max(watcher.next, page.through() + 1)",
                        "Math.max(watcher.next, page.through())"),
                new Mutant(
                        "a full page claims the revision that it does not have",
                        "versions/ChangeHistory.java",
                        "through = next - 1;",
                        "through = next;"),
                new Mutant(
                        "the bookmark of a watch behind is the tip",
                        "watch/core/Watchers.java",
                        "watcher.behind ? watcher.next - 1 : Math.max(tip, watcher.next - 1)",
                        "Math.max(tip, watcher.next - 1)"),
                new Mutant(
                        "history below the compacted revision is read",
                        "watch/HistoryReads.java",
                        "request.from() < snapshot.compacted()",
                        "request.from() < 0"),
                new Mutant(
                        "compaction does not end a watch",
                        "watch/core/Watchers.java",
                        "if (watcher.next < compacted) {",
                        "if (watcher.next < 0) {"),
                new Mutant(
                        "a watch that is not ready misses events",
                        "watch/core/Watchers.java",
                        "        if (!watcher.ready || full || !watcher.canTell(change)) {",
                        "        if (!watcher.ready) {\n            return;\n        }\n"
                                + "        if (full || !watcher.canTell(change)) {"),
                new Mutant(
                        "a watch from the past begins at the tip",
                        "watch/core/Watchers.java",
                        "} else if (terms.fromRevision() <= tip) {",
                        "} else if (terms.fromRevision() < 0) {"),
                new Mutant(
                        "a batch that was not requested is delivered",
                        "watch/WatchSubscription.java",
                        "if (busy || requested == 0 || ended) {",
                        "if (busy || ended) {"),
                new Mutant(
                        "events before the first revision of a watch are delivered",
                        "watch/core/Watcher.java",
                        "return change.revision() >= next && (change.isDelete() ? deletes : puts);",
                        "return change.isDelete() ? deletes : puts;"),
                new Mutant(
                        "a revision of which a part found no room counts as whole",
                        "watch/ChangeFeed.java",
                        "        if (bytes > mostRevisionBytes) {\n            collecting = false;\n"
                                + "            first = null;\n            all = null;\n        } else if",
                        "        if (bytes > mostRevisionBytes && first != null) {\n        } else if"),
                new Mutant(
                        "a report of progress is sent from behind",
                        "watch/core/Watchers.java",
                        "            if (!watcher.behind && watcher.ready) {\n                reporting.add(watcher);",
                        "            if (watcher.ready) {\n                reporting.add(watcher);"));
    }
}
