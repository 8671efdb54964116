package io.loggos.api.node;

import io.loggos.internal.options.OptionChecks;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Intervals that decide how fast failures are noticed, made by a {@link #builder}.
 *
 * <p>The methods of {@link Builder} give the unit, the bounds and the default of each option.
 *
 * @param heartbeatInterval the interval at which each node tells every other that it is up
 * @param electionTimeout the silence after which a node counts as failed. Safety never depends on it. A shorter
 *     timeout finds a dead leader sooner, and takes a shorter pause for a failure
 * @param maxClockDriftPpm the bound of the error of any node's clock rate, in millionths, on which lease reads depend; 0
 *     if none is stated, so that there are no leases
 */
public record TimingOptions(Duration heartbeatInterval, Duration electionTimeout, int maxClockDriftPpm) {
    public TimingOptions {
        new OptionChecks()
                .between("heartbeatInterval", heartbeatInterval, Duration.ofMillis(1), Duration.ofMinutes(1))
                .between("electionTimeout", electionTimeout, Duration.ofMillis(5), Duration.ofMinutes(10))
                .between("maxClockDriftPpm", maxClockDriftPpm, 0, 100_000)
                .require(
                        electionTimeout.dividedBy(3).compareTo(heartbeatInterval) >= 0,
                        "electionTimeout is at least 3 heartbeat intervals")
                .done();
    }

    /** Returns the options with all defaults. */
    public static TimingOptions defaults() {
        return builder().build();
    }

    /** Returns an election timeout, with a tenth of it as the heartbeat interval. */
    public static TimingOptions ofElectionTimeout(Duration electionTimeout) {
        return builder().electionTimeout(electionTimeout).build();
    }

    /** Returns a builder that holds the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns a builder that holds these options. A new election timeout leaves the heartbeat interval as it is. */
    public Builder toBuilder() {
        return builder()
                .heartbeatInterval(heartbeatInterval)
                .electionTimeout(electionTimeout)
                .maxClockDriftPpm(maxClockDriftPpm);
    }

    /** Collects the intervals. Not safe for use by several threads. */
    public static final class Builder {
        private @Nullable Duration heartbeatInterval;
        private Duration electionTimeout = Duration.ofSeconds(1);
        private int maxClockDriftPpm;

        private Builder() {}

        /** Interval between heartbeats: 1 ms to 1 minute, by default a tenth of the election timeout. */
        public Builder heartbeatInterval(Duration interval) {
            heartbeatInterval = interval;
            return this;
        }

        /** Silence after which a node counts as failed: 5 ms and 3 heartbeats to 10 minutes, by default 1 s. */
        public Builder electionTimeout(Duration timeout) {
            electionTimeout = timeout;
            return this;
        }

        /**
         * Bound of the error of any node's clock rate, in millionths: 0 to 100,000, by default 0. With 0 there are no leases.
         *
         * <p>A bound permits {@link io.loggos.api.replica.Consistency#LEASE} reads, which may be stale if a clock is worse.
         * Nothing else depends on it. 500 is more than a synchronized clock ever drifts. All nodes must state the same
         * bound and the same election timeout. Before either is lowered, let no node make such reads for the length of the
         * election timeout.
         */
        public Builder maxClockDriftPpm(int millionths) {
            maxClockDriftPpm = millionths;
            return this;
        }

        /**
         * Returns the checked options.
         *
         * @throws io.loggos.api.InvalidOptionsException listing everything that is wrong
         */
        public TimingOptions build() {
            return new TimingOptions(
                    heartbeatInterval == null ? electionTimeout.dividedBy(10) : heartbeatInterval,
                    electionTimeout,
                    maxClockDriftPpm);
        }
    }
}
