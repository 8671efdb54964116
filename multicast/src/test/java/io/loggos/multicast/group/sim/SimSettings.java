package io.loggos.multicast.group.sim;

import io.loggos.api.NodeId;
import io.loggos.api.group.Delivery;
import io.loggos.api.group.GroupOptions;
import io.loggos.api.group.GroupOptions.Agreement;
import io.loggos.api.group.GroupState;
import io.loggos.api.group.Ordering;
import io.loggos.api.group.PartitionPolicy;
import io.loggos.api.group.Relay;
import io.loggos.api.node.TimingOptions;
import io.loggos.api.node.TransportOptions;
import io.loggos.api.replica.CheckpointWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;

/**
 * Settings of one run, drawn from its seed. Each kind of fault is on in half of the runs; sizes vary.
 *
 * @param groups how many groups there are, with the same options
 * @param mixed whether each message has an order of its own, and not the usual one
 * @param faultEveryNanos mean time between faults
 * @param turbulentNanos how long faults go on before the phase that checks that all comes to rest
 * @param applicationNanos how long an application takes at most before it goes on
 */
record SimSettings(
        int nodes,
        int groups,
        TimingOptions timing,
        TransportOptions transport,
        GroupOptions options,
        boolean mixed,
        EnumSet<Fault> faults,
        long faultEveryNanos,
        long turbulentNanos,
        long mostDelayNanos,
        long sendEveryNanos,
        long applicationNanos) {
    /** Kinds of faults. */
    enum Fault {
        KILL,
        POWER_LOSS,
        LEAVE,
        BREAK_CONNECTION,
        PARTITION,
        ONE_WAY_CUT,
        PARTIAL_PARTITION,
        PAUSE,
        LONG_DELAYS,
        SLOW_WAY,
        KILL_IN_FLUSH,
        PAUSE_IN_FLUSH,
        KILL_SEQUENCER,
        SLOW_APPLICATION,
        STUCK_APPLICATION,
        LOST_STATE,
        FAILING_RESTORE,
        SLOW_TRANSFER,
        LEAVE_FOR_GOOD,
        LEAVE_IN_STEP,
        LEAVE_WHILE_JOINING,
        FAST_RESTART
    }

    private static final long MILLI = 1_000_000L;

    /** The state of a simulated application is not in files, so that this is never called. */
    private static final class NoFiles implements GroupState {
        @Override
        public CheckpointWriter capture() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void restore(Path directory) {
            throw new UnsupportedOperationException();
        }

        @Override
        public String toString() {
            return "state";
        }
    }

    /** The settings of a seed. One in ten is calm, one in ten is harsh. */
    static SimSettings draw(SplittableRandom random) {
        int[] sizes = {1, 2, 3, 3, 4, 5, 5, 7};
        int weather = random.nextInt(10);
        if (weather == 1) {
            return harsh(random);
        }
        EnumSet<Fault> faults = EnumSet.noneOf(Fault.class);
        for (Fault fault : Fault.values()) {
            if (random.nextBoolean() && weather != 0) {
                faults.add(fault);
            }
        }
        return draw(random, sizes[random.nextInt(sizes.length)], faults, random.nextLong(50, 800));
    }

    /** Few nodes, where every fault happens, and often. */
    static SimSettings harsh(SplittableRandom random) {
        return draw(random, random.nextInt(3, 6), EnumSet.allOf(Fault.class), random.nextLong(30, 200));
    }

    private static SimSettings draw(
            SplittableRandom random, int nodes, EnumSet<Fault> faults, long millisBetweenFaults) {
        Ordering[] orderings = Ordering.values();
        GroupOptions options = GroupOptions.builder(orderings[random.nextInt(orderings.length)])
                .delivery(random.nextBoolean() ? Delivery.SAFE : Delivery.ON_RECEIPT)
                .partitionPolicy(random.nextBoolean() ? PartitionPolicy.REFUSE : PartitionPolicy.CONTINUE)
                .relay(random.nextInt(3) == 0 ? Relay.ON_RECEIPT : Relay.AT_VIEW_CHANGE)
                .maxMessageBytes(20 << 10)
                .windowBytes(random.nextBoolean() ? 64 << 10 : 1 << 20)
                .slowMemberTimeout(Duration.ofMillis(random.nextLong(500, 3_000)))
                .agreement(random.nextBoolean() ? Agreement.MAJORITY : Agreement.LOG)
                .build();
        options =
                options.toBuilder().foundingTimeout(options.slowMemberTimeout()).build();
        // What a member sends again after a reset has to fit into a link, with what it relays: all windows.
        boolean small = options.windowBytes() == 64 << 10 && random.nextBoolean();
        int frameBytes = random.nextBoolean() ? 64 << 10 : 256 << 10;
        Set<NodeId> founders = founders(nodes, options.slowMemberTimeout().toMillis());
        options = options.toBuilder().founders(founders).build();
        return new SimSettings(
                nodes,
                random.nextInt(5) == 0 ? random.nextInt(2, 4) : 1,
                TimingOptions.ofElectionTimeout(Duration.ofMillis(random.nextLong(100, 600))),
                small
                        ? TransportOptions.builder()
                                .maxFrameBytes(frameBytes)
                                .windowBytes(256 << 10)
                                .bufferBytes(1 << 20)
                                .build()
                        : TransportOptions.defaults(),
                random.nextBoolean() ? options.toBuilder().state(new NoFiles()).build() : options,
                random.nextBoolean(),
                faults,
                millisBetweenFaults * MILLI,
                random.nextLong(1_000, 4_000) * MILLI,
                random.nextLong(1, 20) * MILLI,
                random.nextLong(2, 40) * MILLI,
                random.nextLong(1, 20) * MILLI);
    }

    /** One group in four has founders that are named. */
    private static Set<NodeId> founders(int nodes, long drawn) {
        Set<NodeId> founders = new TreeSet<>();
        for (int node = 1; node <= nodes && drawn % 4 == 0; node++) {
            if (((drawn >> node) & 2) != 0) {
                founders.add(NodeId.of(node));
            }
        }
        return founders;
    }

    boolean byLog() {
        return options.agreement() == Agreement.LOG;
    }

    long electionNanos() {
        return timing.electionTimeout().toNanos();
    }
}
