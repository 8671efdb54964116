package io.loggos.api.node;

import io.loggos.internal.options.OptionChecks;
import java.time.Duration;

/**
 * How fast failures are noticed.
 *
 * @param heartbeatInterval how often each node tells each other that it is there
 * @param electionTimeout how long a node is silent before it is taken for failed. Safety never depends on it;
 *     shorter finds a dead leader sooner and bears shorter pauses
 */
public record TimingOptions(Duration heartbeatInterval, Duration electionTimeout) {
    public TimingOptions {
        new OptionChecks()
                .between("heartbeatInterval", heartbeatInterval, Duration.ofMillis(1), Duration.ofMinutes(1))
                .between("electionTimeout", electionTimeout, Duration.ofMillis(5), Duration.ofMinutes(10))
                .require(
                        electionTimeout.compareTo(heartbeatInterval.multipliedBy(3)) >= 0,
                        "electionTimeout is at least 3 heartbeat intervals")
                .done();
    }

    /** A heartbeat every 100 ms, an election timeout of 1 s. */
    public static TimingOptions defaults() {
        return new TimingOptions(Duration.ofMillis(100), Duration.ofSeconds(1));
    }

    /** An election timeout, and a tenth of it between heartbeats. */
    public static TimingOptions ofElectionTimeout(Duration electionTimeout) {
        return new TimingOptions(electionTimeout.dividedBy(10), electionTimeout);
    }
}
