package io.loggos.benchmarks.commands.multicast;

import io.loggos.benchmarks.harness.workload.ClosedLoop;
import io.loggos.benchmarks.harness.workload.Loop;
import io.loggos.benchmarks.harness.workload.LoopWorkload;
import io.loggos.benchmarks.harness.workload.Measurement;
import io.loggos.benchmarks.harness.workload.Operation;
import io.loggos.benchmarks.systems.multicast.MulticastSystem;
import io.loggos.benchmarks.systems.multicast.NumberedMessage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One multicast at a time, by the members in turn, over when the last member has it. The thread that sends waits for
 * it. Waking the members counts; waking that thread does not.
 */
final class LatencyWorkload implements LoopWorkload {
    private final MulticastGroup group;
    private final ClosedLoop loop;
    private final AtomicInteger missing = new AtomicInteger();
    private final long[] sent;
    private final int senders;
    private final int payloadBytes;
    private volatile @Nullable Operation current;
    private int turn;

    /** Opens a group. */
    LatencyWorkload(MulticastSystem system, MulticastSetting setting, Path directory, Measurement measurement)
            throws Exception {
        group = MulticastGroup.open(system, setting.ordering(), setting.members(), directory, this::delivered);
        senders = setting.senders();
        payloadBytes = setting.payloadBytes();
        sent = new long[group.size()];
        loop = new ClosedLoop(1, this::send, measurement);
    }

    @Override
    public Loop loop() {
        return loop;
    }

    @Override
    public Boolean verify() {
        List<Long> all = new ArrayList<>();
        for (long each : sent) {
            all.add(each);
        }
        return group.agrees(all);
    }

    @Override
    public void close() {
        group.close();
    }

    private void send(Operation operation) {
        turn = turn + 1 == senders ? 0 : turn + 1;
        int number = group.size() - 1 - turn;
        current = operation;
        missing.set(group.size());
        try {
            group.members().get(number).multicast(NumberedMessage.of(number, sent[number], payloadBytes));
            sent[number]++;
        } catch (Exception e) {
            throw new IllegalStateException("member " + number + " cannot send", e);
        }
    }

    private void delivered() {
        if (missing.decrementAndGet() == 0) {
            Operation over = current;
            if (over != null) {
                over.complete(null);
            }
        }
    }
}
