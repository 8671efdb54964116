package io.loggos.examples.group;

import io.loggos.api.group.Delivery;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
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
    private final Process process;
    private final Path record;
    private final Path output;

    private MemberProcess(int id, Process process, Path record, Path output) {
        this.id = id;
        this.process = process;
        this.record = record;
        this.output = output;
    }

    static MemberProcess start(int id, Delivery delivery, List<Integer> ports, Path directory) throws IOException {
        Path record = directory.resolve("record-" + id);
        Path output = directory.resolve("output-" + id);
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        if (Runtime.version().feature() >= 24) {
            command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        }
        command.addAll(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), MemberProgram.class.getName()));
        command.addAll(
                List.of(Integer.toString(id), directory.resolve("node-" + id).toString()));
        command.addAll(List.of(record.toString(), delivery.name()));
        ports.forEach(port -> command.add(port.toString()));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        return new MemberProcess(id, process, record, output);
    }

    int id() {
        return id;
    }

    /** Returns the events recorded up to now. An unfinished line is left out. */
    GroupRecord read() {
        try {
            String text = Files.exists(record) ? Files.readString(record) : "";
            return GroupRecord.of(
                    text.substring(0, text.lastIndexOf('\n') + 1).lines().toList());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Waits until the recorded events meet a condition. */
    GroupRecord await(String what, Predicate<GroupRecord> condition) {
        return Awaitility.await(what + " at member " + id)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(
                        () -> {
                            GroupRecord now = read();
                            if (!condition.test(now) && !process.isAlive()) {
                                throw new AssertionError("member " + id + " has ended: " + Files.readString(output));
                            }
                            return now;
                        },
                        condition);
    }

    /** Tells the member to send no more. */
    void stop() throws IOException {
        OutputStream input = process.getOutputStream();
        input.write("stop\n".getBytes(StandardCharsets.UTF_8));
        input.flush();
    }

    /** Kills it, like kill -9. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
