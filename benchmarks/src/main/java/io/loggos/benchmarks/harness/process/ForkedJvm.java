package io.loggos.benchmarks.harness.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * JVM that this one has forked and speaks with in lines, over its standard input and output. It has the same class path
 * and, unless told otherwise, the same options. It ends when this one ends for any reason, because its input ends then
 * ({@link Forker}). For one thread.
 */
public final class ForkedJvm implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    /** Marks the end of the output in the queue. */
    private static final String ENDED = "\u0000";

    private final String name;
    private final Process process;
    private final PrintWriter input;
    private final BlockingQueue<String> said = new LinkedBlockingQueue<>();

    private ForkedJvm(String name, Process process) {
        this.name = name;
        this.process = process;
        this.input = new PrintWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8), true);
        Thread reader = new Thread(this::read, "from " + name);
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * Starts a JVM with the class path and the options of this one.
     *
     * @param name name in errors
     * @param options further options; they come last, so they take precedence
     * @param main class whose main method begins with {@link Forker#run}
     */
    public static ForkedJvm start(String name, List<String> options, Class<?> main, List<String> arguments) {
        List<String> all = new ArrayList<>(ownOptions());
        all.addAll(options);
        return start(name, command(all, main, arguments));
    }

    /**
     * Starts a JVM with a command of {@link #command}.
     *
     * @param name name in errors
     */
    public static ForkedJvm start(String name, List<String> command) {
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
            return new ForkedJvm(name, builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start a JVM", e);
        }
    }

    /** Returns the command that runs a program on the Java and the class path of this JVM. */
    public static List<String> command(List<String> options, Class<?> main, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(main.getName());
        command.addAll(arguments);
        return command;
    }

    /** Returns the options that this JVM was started with. */
    public static List<String> ownOptions() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments();
    }

    /**
     * Sends a line and returns the next line of the answer.
     *
     * @throws TrialFailure as {@link #receive}
     */
    public String ask(String line, Duration patience) {
        send(line);
        return receive(patience);
    }

    /** Returns the processor time that the JVM has used, in nanoseconds. */
    public long cpuNanos() {
        return Processes.cpuNanos(List.of(process.toHandle()));
    }

    /** Returns the process id. */
    public long pid() {
        return process.pid();
    }

    /** Sends a line. */
    public void send(String line) {
        input.println(line);
    }

    /**
     * Returns the next line of output.
     *
     * @throws TrialFailure if it says nothing for so long, or has ended
     */
    public String receive(Duration patience) {
        try {
            String line = said.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
            if (line == null) {
                throw new TrialFailure(name + " has said nothing for " + patience.toSeconds() + " s");
            }
            if (line.equals(ENDED)) {
                said.add(line);
                throw new TrialFailure(name + " has ended");
            }
            return line;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TrialFailure("interrupted");
        }
    }

    /** Kills the JVM, as a failure of its machine would, and returns when it has ended. */
    public void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    /** Lets the JVM end by itself; kills it if it does not. */
    @Override
    public void close() {
        input.close();
        if (!awaitEnd()) {
            kill();
        }
    }

    private boolean awaitEnd() {
        try {
            return process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
            return true;
        }
    }

    private void read() {
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                said.add(line);
            }
        } catch (IOException e) {
            // It was killed; the end of its output tells that.
        } finally {
            said.add(ENDED);
        }
    }
}
