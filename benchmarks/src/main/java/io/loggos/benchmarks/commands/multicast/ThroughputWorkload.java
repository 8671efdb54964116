package io.loggos.benchmarks.commands.multicast;

import io.loggos.benchmarks.harness.workload.Latencies;
import io.loggos.benchmarks.harness.workload.Measurement;
import io.loggos.benchmarks.harness.workload.Workload;
import io.loggos.benchmarks.systems.multicast.MulticastMember;
import io.loggos.benchmarks.systems.multicast.MulticastSystem;
import io.loggos.benchmarks.systems.multicast.NumberedMessage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Some members send, each from a thread of its own, as fast as they are let. What is counted is what every member has been
 * delivered; it is looked up every few milliseconds, and has no latency here.
 */
final class ThroughputWorkload implements Workload {
    private static final long LOOK_NANOS = 5_000_000;
    private static final long PATIENCE_MILLIS = 20_000;

    private final MulticastGroup group;
    private final int payloadBytes;
    private final Measurement measurement;
    private final Latencies counted;
    private final List<Sender> senders = new ArrayList<>();
    private long seen;

    /** Opens a group. */
    ThroughputWorkload(MulticastSystem system, MulticastSetting setting, Path directory, Measurement measurement)
            throws Exception {
        this.group = MulticastGroup.open(system, setting.ordering(), setting.members(), directory, () -> {});
        this.payloadBytes = setting.payloadBytes();
        this.measurement = measurement;
        this.counted = measurement.newLatencies();
        for (int number = group.size() - setting.senders(); number < group.size(); number++) {
            this.senders.add(new Sender(number, group.members().get(number)));
        }
    }

    @Override
    public void begin() {
        senders.forEach(Sender::begin);
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
        senders.forEach(Sender::stop);
        senders.forEach(Sender::join);
    }

    @Override
    public Boolean verify() {
        List<Long> sent = new ArrayList<>();
        for (int number = 0; number < group.size(); number++) {
            int own = number;
            sent.add(senders.stream()
                    .filter(sender -> sender.number == own)
                    .mapToLong(sender -> sender.sent)
                    .sum());
        }
        return group.agrees(sent);
    }

    @Override
    public void close() {
        end();
        group.close();
    }

    private final class Sender {
        private final int number;
        private final MulticastMember member;
        private final Thread thread;
        private volatile boolean stopped;
        private volatile long sent;

        Sender(int number, MulticastMember member) {
            this.number = number;
            this.member = member;
            this.thread = new Thread(this::run, "sender-" + number);
            thread.setDaemon(true);
        }

        void begin() {
            thread.start();
        }

        void stop() {
            stopped = true;
        }

        void join() {
            try {
                thread.join(PATIENCE_MILLIS);
                if (thread.isAlive()) {
                    measurement.failed(new IllegalStateException("a send of member " + number + " does not return"));
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private void run() {
            long sequence = 0;
            try {
                while (!stopped) {
                    member.multicast(NumberedMessage.of(number, sequence, payloadBytes));
                    sequence++;
                }
            } catch (Exception e) {
                measurement.failed(e);
            } finally {
                sent = sequence;
            }
        }
    }
}
