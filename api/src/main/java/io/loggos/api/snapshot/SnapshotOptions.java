package io.loggos.api.snapshot;

import io.loggos.api.InvalidOptionsException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How a snapshot is taken.
 *
 * @param deadline an attempt that is aborted (a view changes, a link ends, a node is lost) is repeated until then
 * @param retained how many complete snapshots each node keeps, this one included; the oldest are deleted
 * @param collectInto where the initiator collects all states, as {@link Snapshots#export} does; if empty, each stays on
 *     the disk of its node
 */
public record SnapshotOptions(Duration deadline, int retained, Optional<Path> collectInto) {
    public SnapshotOptions {
        List<String> problems = new ArrayList<>();
        if (deadline.isNegative() || deadline.isZero() || deadline.compareTo(Duration.ofDays(1)) > 0) {
            problems.add("deadline is longer than nothing and at most a day");
        }
        if (retained < 1 || retained > 10_000) {
            problems.add("retained is 1 to 10,000, not " + retained);
        }
        if (!problems.isEmpty()) {
            throw new InvalidOptionsException(problems);
        }
    }

    /** A deadline of 30 s, four snapshots retained, nothing collected. */
    public static SnapshotOptions defaults() {
        return new SnapshotOptions(Duration.ofSeconds(30), 4, Optional.empty());
    }

    /** These options with another deadline. */
    public SnapshotOptions withDeadline(Duration newDeadline) {
        return new SnapshotOptions(newDeadline, retained, collectInto);
    }

    /** These options with another number of snapshots to keep. */
    public SnapshotOptions withRetained(int number) {
        return new SnapshotOptions(deadline, number, collectInto);
    }

    /** These options with a directory to collect all states into, which must be empty or not there. */
    public SnapshotOptions withCollectInto(Path directory) {
        return new SnapshotOptions(deadline, retained, Optional.of(directory));
    }
}
