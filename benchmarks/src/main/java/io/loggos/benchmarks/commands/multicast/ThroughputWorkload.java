package io.loggos.benchmarks.commands.multicast;

import io.loggos.benchmarks.harness.workload.Latencies;
import io.loggos.benchmarks.harness.workload.Measurement;
import io.loggos.benchmarks.harness.workload.Workload;
import io.loggos.benchmarks.systems.multicast.MemberLoad;
import io.loggos.benchmarks.systems.multicast.MulticastSystem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Members that send as fast as flow control lets them, each from a thread of its own. A multicast counts when every
 * member was delivered it. The count is read every few milliseconds, and latency is not measured.
 */
final class ThroughputWorkload implements Workload {
    private static final long LOOK_NANOS = 5_000_000;

    private final MulticastGroup group;
    private final Measurement measurement;
    private final Latencies counted;
    private final List<MemberLoad> senders = new ArrayList<>();
    private long seen;

    /** Opens a group. */
    ThroughputWorkload(MulticastSystem system, MulticastSetting setting, Path directory, Measurement measurement)
            throws Exception {
        this.group = MulticastGroup.open(system, setting.ordering(), setting.members(), directory, () -> {});
        this.measurement = measurement;
        this.counted = measurement.newLatencies();
        for (int number = group.size() - setting.senders(); number < group.size(); number++) {
            this.senders.add(new MemberLoad(group.members().get(number), number, setting.payloadBytes()));
        }
    }

    @Override
    public void begin() {
        senders.forEach(MemberLoad::start);
    }

    @Override
    public void step() {
        LockSupport.parkNanos(LOOK_NANOS);
        long now = group.deliveredEverywhere(senders.size());
        counted.completed(0, Math.toIntExact(now - seen));
        seen = now;
    }

    @Override
    public void end() {
        senders.forEach(MemberLoad::stop);
        senders.forEach(this::join);
    }

    @Override
    public Boolean verify() {
        List<Long> sent = new ArrayList<>();
        for (int number = 0; number < group.size(); number++) {
            int own = number;
            sent.add(senders.stream()
                    .filter(sender -> sender.number() == own)
                    .mapToLong(MemberLoad::sent)
                    .sum());
        }
        return group.agrees(sent);
    }

    @Override
    public void close() {
        end();
        group.close();
    }

    private void join(MemberLoad sender) {
        try {
            Exception failure = sender.join();
            if (failure != null) {
                measurement.failed(failure);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
