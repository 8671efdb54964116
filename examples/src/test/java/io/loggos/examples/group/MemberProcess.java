package io.loggos.examples.group;

import io.loggos.api.group.Delivery;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/** A {@link MemberProgram} in a process of its own. */
final class MemberProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final int id;
    private final RecordedProcess process;

    private MemberProcess(int id, RecordedProcess process) {
        this.id = id;
        this.process = process;
    }

    static MemberProcess start(int id, Delivery delivery, List<Integer> ports, Path directory) {
        Path record = directory.resolve("record-" + id);
        List<String> arguments = new ArrayList<>(
                List.of(Integer.toString(id), directory.resolve("node-" + id).toString()));
        arguments.addAll(List.of(record.toString(), delivery.name()));
        ports.forEach(port -> arguments.add(port.toString()));
        return new MemberProcess(
                id, RecordedProcess.start(MemberProgram.class, record, directory.resolve("output-" + id), arguments));
    }

    int id() {
        return id;
    }

    /** Returns the events recorded up to now. An unfinished line is left out. */
    GroupRecord read() {
        return GroupRecord.of(process.lines());
    }

    /** Waits until the recorded events meet a condition. */
    GroupRecord await(String what, Predicate<GroupRecord> condition) {
        return Awaitility.await(what + " at member " + id)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(
                        () -> {
                            GroupRecord now = read();
                            if (!condition.test(now) && !process.isUp()) {
                                throw new AssertionError("member " + id + " has ended: " + process.lastOutput());
                            }
                            return now;
                        },
                        condition);
    }

    /** Tells the member to send no more. */
    void stop() {
        process.tell("stop");
    }

    /** Kills it, like kill -9. */
    void kill() throws InterruptedException {
        process.kill();
    }

    @Override
    public void close() {
        process.close();
    }
}
