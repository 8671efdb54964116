package io.loggos.api.snapshot;

import io.loggos.internal.options.OptionChecks;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Options of one global snapshot, made by a {@link #builder}.
 *
 * <p>The methods of {@link Builder} give the unit, the bounds and the default of each option.
 *
 * @param deadline the time for all attempts. An attempt that is aborted (a view changes, a link ends, a node is lost)
 *     is repeated until then
 * @param owner the one who wants the snapshot kept
 * @param retained the number of complete snapshots of this owner that each node keeps, this one included. The oldest
 *     are deleted, and those of other owners are left alone
 * @param collectInto the directory into which the initiator collects all states, as {@link Snapshots#export} does. If
 *     empty, each state stays on the disk of its node
 */
public record SnapshotOptions(Duration deadline, String owner, int retained, Optional<Path> collectInto) {
    /** Owner of the snapshots of which nothing else was said. */
    public static final String APPLICATION = "application";

    public SnapshotOptions {
        new OptionChecks()
                .require(
                        !deadline.isNegative() && !deadline.isZero() && deadline.compareTo(Duration.ofDays(1)) <= 0,
                        "deadline is longer than nothing and at most a day")
                .require(!owner.isEmpty() && owner.length() <= 255, "owner has 1 to 255 characters")
                .require(retained >= 1 && retained <= 10_000, "retained is 1 to 10,000, not " + retained)
                .done();
    }

    /** Returns the options with all defaults. */
    public static SnapshotOptions defaults() {
        return builder().build();
    }

    /** Returns a builder that holds the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns a builder that holds these options. */
    public Builder toBuilder() {
        Builder builder = builder().deadline(deadline).owner(owner).retained(retained);
        collectInto.ifPresent(builder::collectInto);
        return builder;
    }

    /** Collects the options of a snapshot. Not safe for use by several threads. */
    public static final class Builder {
        private Duration deadline = Duration.ofSeconds(30);
        private String owner = APPLICATION;
        private int retained = 4;
        private Optional<Path> collectInto = Optional.empty();

        private Builder() {}

        /** Time for all attempts: more than 0 to 1 day, by default 30 s. */
        public Builder deadline(Duration time) {
            deadline = time;
            return this;
        }

        /**
         * Name of the one who wants the snapshot kept: 1 to 255 characters, by default {@code application}.
         *
         * <p>Names that begin with {@code loggos.} are the library's.
         */
        public Builder owner(String name) {
            owner = name;
            return this;
        }

        /** Complete snapshots of this owner that each node keeps, this one included: 1 to 10,000, by default 4. */
        public Builder retained(int snapshots) {
            retained = snapshots;
            return this;
        }

        /** Directory on this node for the states of all nodes, empty or not there yet; by default none. */
        public Builder collectInto(Path directory) {
            collectInto = Optional.of(directory);
            return this;
        }

        /**
         * Returns the checked options.
         *
         * @throws io.loggos.api.InvalidOptionsException listing everything that is wrong
         */
        public SnapshotOptions build() {
            return new SnapshotOptions(deadline, owner, retained, collectInto);
        }
    }
}
