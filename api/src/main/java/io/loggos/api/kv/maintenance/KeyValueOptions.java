package io.loggos.api.kv.maintenance;

import io.loggos.internal.options.OptionChecks;
import java.time.Duration;
import java.util.Optional;

/**
 * Limits of this node's copy of a key-value store, made by a {@link #builder}. Nodes may differ in them. The methods of
 * {@link Builder} give the bounds and the default of each option.
 *
 * @param quotaBytes the size of the copy from which on puts are refused, by {@link Alarm.Kind#NO_SPACE}; empty for none
 * @param maxOperations the number of comparisons, or of operations in a branch, that a transaction may have here. The
 *     levels of nested transactions count together
 * @param compareEvery the time between two comparisons of all copies, which the leader begins; empty for none
 * @param member the number of this node in alarms; 0 for its node id
 */
public record KeyValueOptions(
        Optional<Long> quotaBytes, int maxOperations, Optional<Duration> compareEvery, long member) {
    /** The most operations that can be allowed in a branch of a transaction. */
    public static final int MOST_OPERATIONS = 1 << 16;

    private static final KeyValueOptions DEFAULTS = builder().build();

    public KeyValueOptions {
        OptionChecks checks = new OptionChecks().between("maxOperations", maxOperations, 1, MOST_OPERATIONS);
        quotaBytes.ifPresent(bytes -> checks.between("quotaBytes", bytes, 1, Long.MAX_VALUE));
        compareEvery.ifPresent(
                every -> checks.between("compareEvery", every, Duration.ofMillis(10), Duration.ofDays(365)));
        checks.done();
    }

    /** Returns the options with all defaults. */
    public static KeyValueOptions defaults() {
        return DEFAULTS;
    }

    /** Returns a builder that holds the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns the same options, with this number as the member unless there is one already. */
    public KeyValueOptions forMember(long number) {
        return member != 0 ? this : new KeyValueOptions(quotaBytes, maxOperations, compareEvery, number);
    }

    /** Collects options. Not safe for use by several threads. */
    public static final class Builder {
        private Optional<Long> quotaBytes = Optional.empty();
        private int maxOperations = 128;
        private Optional<Duration> compareEvery = Optional.empty();
        private long member;

        private Builder() {}

        /** At least 1. By default there is no quota. */
        public Builder quotaBytes(long bytes) {
            quotaBytes = Optional.of(bytes);
            return this;
        }

        /** 1 to {@value #MOST_OPERATIONS}. The default is 128. */
        public Builder maxOperations(int most) {
            maxOperations = most;
            return this;
        }

        /** 10 ms to 365 days. By default copies are not compared. */
        public Builder compareEvery(Duration time) {
            compareEvery = Optional.of(time);
            return this;
        }

        /** By default it is the node id. */
        public Builder member(long number) {
            member = number;
            return this;
        }

        /**
         * Returns the options.
         *
         * @throws io.loggos.api.InvalidOptionsException with all problems
         */
        public KeyValueOptions build() {
            return new KeyValueOptions(quotaBytes, maxOperations, compareEvery, member);
        }
    }
}
