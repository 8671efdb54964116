package io.loggos.api.kv;

import io.loggos.internal.options.OptionChecks;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * Options of a watch, made by a {@link #builder}. The methods of {@link Builder} give the bounds and the default of each
 * option.
 *
 * @param fromRevision the revision of the first event; 0 for the one after the revision of this node's copy
 * @param previous true to receive keys as they were before each change
 * @param puts true to receive puts
 * @param deletes true to receive deletions
 * @param progressEvery longest time without a batch, while there is no event; empty for no limit
 * @param executor runs the subscriber; empty for threads of the node
 */
public record WatchOptions(
        long fromRevision,
        boolean previous,
        boolean puts,
        boolean deletes,
        Optional<Duration> progressEvery,
        Optional<Executor> executor) {
    public WatchOptions {
        OptionChecks checks =
                new OptionChecks().require(fromRevision >= 0, "fromRevision is at least 0, not " + fromRevision);
        progressEvery.ifPresent(
                every -> checks.between("progressEvery", every, Duration.ofMillis(10), Duration.ofDays(1)));
        checks.done();
    }

    /** Returns the options with all defaults. */
    public static WatchOptions defaults() {
        return builder().build();
    }

    /** Returns a builder that holds the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns a builder that holds these options. */
    public Builder toBuilder() {
        Builder builder = builder()
                .fromRevision(fromRevision)
                .previous(previous)
                .puts(puts)
                .deletes(deletes);
        progressEvery.ifPresent(builder::progressEvery);
        executor.ifPresent(builder::executor);
        return builder;
    }

    /** Collects the options of a watch. Not safe for use by several threads. */
    public static final class Builder {
        private long fromRevision;
        private boolean previous;
        private boolean puts = true;
        private boolean deletes = true;
        private Optional<Duration> progressEvery = Optional.empty();
        private Optional<Executor> executor = Optional.empty();

        private Builder() {}

        /**
         * Revision of the first event: at least 0, by default 0.
         *
         * <p>With 0, the watch begins after the revision that this node's copy has when the subscriber subscribes. A
         * revision that does not exist yet is waited for.
         */
        public Builder fromRevision(long revision) {
            fromRevision = revision;
            return this;
        }

        /** True to receive keys as they were before each change; by default false. */
        public Builder previous(boolean wanted) {
            previous = wanted;
            return this;
        }

        /** True, the default, to receive puts. */
        public Builder puts(boolean wanted) {
            puts = wanted;
            return this;
        }

        /** True, the default, to receive deletions. */
        public Builder deletes(boolean wanted) {
            deletes = wanted;
            return this;
        }

        /** Longest time without a batch while there is no event: 10 ms to 1 day, by default no limit. */
        public Builder progressEvery(Duration time) {
            progressEvery = Optional.of(time);
            return this;
        }

        /**
         * Executor that runs the subscriber; by default one of several threads of the node.
         *
         * <p>It must run every task, and may be {@code Runnable::run}. The subscriber then runs on the thread that
         * serves all watches of the store, so it must be short and must not block.
         */
        public Builder executor(Executor runs) {
            executor = Optional.of(runs);
            return this;
        }

        /**
         * Returns the checked options.
         *
         * @throws io.loggos.api.InvalidOptionsException listing everything that is wrong
         */
        public WatchOptions build() {
            return new WatchOptions(fromRevision, previous, puts, deletes, progressEvery, executor);
        }
    }
}
