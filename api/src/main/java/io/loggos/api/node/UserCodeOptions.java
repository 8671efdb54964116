package io.loggos.api.node;

import io.loggos.internal.options.OptionChecks;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * Treatment of the application's code by a node, made by a {@link #builder}.
 *
 * <p>A node runs such code on threads that its protocols do not need:
 *
 * <ul>
 *   <li>each group has a thread {@code group-NAME} for its listener, unless its options name an executor;
 *   <li>each participant has a thread {@code participant-NAME};
 *   <li>the listeners for {@link Node#view} share the thread {@code views};
 *   <li>state machines and queries share the thread {@code apply}, which also completes the futures of answered
 *       commands and reads, unless {@code answers} is given;
 *   <li>all other futures complete on at most 64 threads {@code answer-N}, which also call receivers of progress.
 * </ul>
 *
 * <p>The methods of {@link Builder} give the unit, the bounds and the default of each option.
 *
 * @param closeTimeout the time that {@link Node#close} gives code that is running. Then the node logs its stack,
 *     interrupts it, and goes on without it
 * @param blockedAfter the time after which the stack of code that has not returned is logged
 * @param onError the receiver of what the code throws; empty to log it
 * @param answers the executor that completes the futures of answered commands and reads; empty for the thread
 *     {@code apply}
 */
public record UserCodeOptions(
        Duration closeTimeout, Duration blockedAfter, Optional<ErrorHandler> onError, Optional<Executor> answers) {
    public UserCodeOptions {
        new OptionChecks()
                .between("closeTimeout", closeTimeout, Duration.ofMillis(1), Duration.ofDays(1))
                .between("blockedAfter", blockedAfter, Duration.ofMillis(1), Duration.ofDays(1))
                .done();
    }

    /** Returns the options with all defaults. */
    public static UserCodeOptions defaults() {
        return builder().build();
    }

    /** Returns a builder that holds the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns a builder that holds these options. */
    public Builder toBuilder() {
        Builder builder = builder().closeTimeout(closeTimeout).blockedAfter(blockedAfter);
        onError.ifPresent(builder::onError);
        answers.ifPresent(builder::answers);
        return builder;
    }

    /** Collects the options. Not safe for use by several threads. */
    public static final class Builder {
        private Duration closeTimeout = Duration.ofSeconds(5);
        private Duration blockedAfter = Duration.ofSeconds(5);
        private Optional<ErrorHandler> onError = Optional.empty();
        private Optional<Executor> answers = Optional.empty();

        private Builder() {}

        /** Time that {@link Node#close} waits for the application's code: 1 ms to 1 day, by default 5 s. */
        public Builder closeTimeout(Duration timeout) {
            closeTimeout = timeout;
            return this;
        }

        /** Time after which code that has not returned is logged: 1 ms to 1 day, by default 5 s. */
        public Builder blockedAfter(Duration time) {
            blockedAfter = time;
            return this;
        }

        /** Receiver of what the code throws; by default it is logged. */
        public Builder onError(ErrorHandler handler) {
            onError = Optional.of(handler);
            return this;
        }

        /**
         * Executor that completes the futures of answered commands and reads; by default the thread {@code apply}.
         *
         * <p>It costs each of them a task, so it is for applications whose dependent stages block.
         */
        public Builder answers(Executor executor) {
            answers = Optional.of(executor);
            return this;
        }

        /**
         * Returns the checked options.
         *
         * @throws io.loggos.api.InvalidOptionsException listing everything that is wrong
         */
        public UserCodeOptions build() {
            return new UserCodeOptions(closeTimeout, blockedAfter, onError, answers);
        }
    }
}
