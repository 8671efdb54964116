package io.loggos.examples.cli;

import io.loggos.api.Address;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A process that runs the command line, with its output in files. */
final class ServerProcess implements AutoCloseable {
    private static final Duration START = Duration.ofMinutes(4);
    private static final long END_SECONDS = 120;

    private final Process process;
    private final Path out;
    private final Path err;

    private ServerProcess(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    /** Starts a command. Its output goes to files with this name. */
    static ServerProcess start(Path directory, String name, List<String> arguments) throws IOException {
        return start(directory, name, List.of(), arguments);
    }

    /** Starts a command that may have this many files and sockets open. */
    static ServerProcess limited(Path directory, int descriptors, List<String> arguments) throws IOException {
        return start(
                directory,
                "limited",
                List.of("sh", "-c", "ulimit -n " + descriptors + "; exec \"$@\"", "sh"),
                arguments);
    }

    private static ServerProcess start(Path directory, String name, List<String> before, List<String> arguments)
            throws IOException {
        List<String> java = new ArrayList<>(NodeProcess.javaCommand());
        java.addAll(1, List.of("-Xmx256m", "-XX:TieredStopAtLevel=1"));
        List<String> command = new ArrayList<>(before);
        command.addAll(java);
        command.addAll(arguments);
        Path out = Files.createTempFile(directory, name, ".out");
        Path err = Files.createTempFile(directory, name, ".err");
        Process process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        return new ServerProcess(process, out, err);
    }

    /** Waits until it has printed this text. */
    void awaitOutput(String text) {
        Awaitility.await("\"" + text + "\" of a process")
                .atMost(START)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> {
                    boolean ended = !process.isAlive();
                    if (output().contains(text)) {
                        return true;
                    }
                    if (ended) {
                        throw new AssertionError("the process ended: " + output() + errors());
                    }
                    return false;
                });
    }

    /** Returns the address for clients, once the server is ready. */
    Address awaitReady() {
        awaitOutput("ready: clients on ");
        String line = output().lines()
                .filter(l -> l.startsWith("ready: clients on "))
                .findFirst()
                .orElseThrow();
        return Address.parse(line.substring("ready: clients on ".length(), line.indexOf(',')));
    }

    /** Waits for its end and returns its exit code. */
    int awaitExit() throws InterruptedException {
        if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("still running after " + END_SECONDS + " s: " + output() + errors());
        }
        return process.exitValue();
    }

    /** Kills it, like kill -9. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        awaitExit();
    }

    /** Terminates it, like kill. */
    void terminate() throws InterruptedException {
        process.destroy();
        awaitExit();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    List<ProcessHandle> children() {
        return process.toHandle().children().toList();
    }

    String output() {
        return read(out);
    }

    String errors() {
        return read(err);
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
