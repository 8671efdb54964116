package io.loggos.benchmarks.systems.loggos.processes;

import io.loggos.benchmarks.systems.consensus.CommandHash;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** {@link FollowerMain} in a JVM of its own, with the class path and the options of this one. For one thread. */
final class ForkedFollower implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofMillis(5);
    private static final long CLOSING_SECONDS = 10;
    /** What would be done twice, or is of this process alone. */
    private static final List<String> NOT_HANDED_ON =
            List.of("-javaagent:", "-agentlib:", "-agentpath:", "-XX:StartFlightRecording", "-XX:CompileCommandFile");

    private final Process process;
    private final BufferedReader output;
    private final BufferedWriter input;

    private ForkedFollower(Process process) {
        this.process = process;
        this.output = process.inputReader(StandardCharsets.UTF_8);
        this.input = process.outputWriter(StandardCharsets.UTF_8);
    }

    /** Starts the process and does not wait for it. */
    static ForkedFollower start(int position, List<String> addresses, Path directory) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> NOT_HANDED_ON.stream().noneMatch(argument::startsWith))
                .forEach(command::add);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(FollowerMain.class.getName());
        command.add(Integer.toString(position));
        command.add(directory.toString());
        command.addAll(addresses);
        return new ForkedFollower(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    /** Waits until its node is open. */
    void awaitReady() throws IOException {
        String line = awaitLine();
        if (!line.equals(FollowerMain.READY)) {
            throw new IOException("a follower said: " + line);
        }
    }

    /** What its replica has applied. */
    CommandHash.Value value() {
        String[] words = ask(FollowerMain.STATE).split(" ", -1);
        return new CommandHash.Value(Long.parseLong(words[0]), Long.parseLong(words[1]));
    }

    /** What its threads have allocated on the heap. */
    long allocatedBytes() {
        return Long.parseLong(ask(FollowerMain.ALLOCATED));
    }

    /** The processor time it has taken, in nanoseconds. */
    long cpuNanos() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos();
    }

    @Override
    public void close() {
        try {
            input.close();
        } catch (IOException e) {
            // It is gone already, and so is what was written to it.
            process.destroy();
        }
        try {
            if (!process.waitFor(CLOSING_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private String ask(String question) {
        try {
            input.write(question);
            input.newLine();
            input.flush();
            return awaitLine();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String awaitLine() throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!output.ready()) {
            if (!process.isAlive()) {
                throw new IOException("a follower has ended with " + process.exitValue());
            }
            if (System.nanoTime() - deadline > 0) {
                throw new IOException("a follower has said nothing for " + PATIENCE.toSeconds() + " s");
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        return output.readLine();
    }
}
