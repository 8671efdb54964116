package io.loggos.examples.cli;

import io.loggos.examples.cli.options.CommandFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** One node of a local cluster: {@code loggos server} in a process of its own, with its output in a file. */
final class NodeProcess {
    /**
     * JVM options for a server. Most of its state is outside of the heap, which holds a cache of 64 MB and requests in
     * progress. A small heap with the serial collector uses few processors, and three servers share one machine.
     * Netty's leak detection is off, because it sometimes takes a stack trace. The script {@code bin/loggos} has the
     * same options.
     */
    static final List<String> SERVER_OPTIONS = List.of(
            "-XX:+UseSerialGC",
            "-Xms768m",
            "-Xmx1g",
            "-Xmn256m",
            "-Dio.grpc.netty.shaded.io.netty.leakDetection.level=disabled");

    private static final int LOG_LINES_SHOWN = 10;
    private static final long LOG_BYTES_READ = 64 << 10;
    private static final long STOP_SECONDS = 20;

    private final int id;
    private final Path log;
    private final Process process;
    /** The arguments of {@code loggos}, so that somebody can start the node again. */
    private final List<String> arguments;

    private NodeProcess(int id, Path log, Process process, List<String> arguments) {
        this.id = id;
        this.arguments = List.copyOf(arguments);
        this.log = log;
        this.process = process;
    }

    /**
     * Starts a node. It ends by itself when this process ends, in whatever way.
     *
     * @param limits further arguments
     */
    static NodeProcess start(int id, ClusterLayout layout, Path directory, List<String> limits) {
        Path log = directory.resolve("node-" + id + ".log");
        List<String> arguments = new ArrayList<>(List.of("server", "--id", Integer.toString(id)));
        arguments.addAll(List.of("--cluster-id", layout.clusterId()));
        arguments.addAll(List.of("--data", directory.resolve("node-" + id).toString()));
        arguments.addAll(List.of("--listen-peer", layout.node(id).peerAddress().toString()));
        arguments.addAll(
                List.of("--listen-client", layout.node(id).clientAddress().toString()));
        arguments.addAll(
                List.of("--listen-metrics-urls", layout.node(id).metricsUrl().toString()));
        for (int other = 1; other <= layout.nodes().size(); other++) {
            if (other != id) {
                arguments.addAll(
                        List.of("--peer", other + "=" + layout.node(other).peerAddress()));
                arguments.addAll(
                        List.of("--client", other + "=" + layout.node(other).clientAddress()));
            }
        }
        arguments.addAll(limits);
        List<String> command = new ArrayList<>(javaCommand());
        command.addAll(arguments);
        command.add("--stop-at-end-of-input");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            return new NodeProcess(id, log, process, arguments);
        } catch (IOException e) {
            throw new CommandFailure("cannot start node " + id + ": " + e.getMessage(), e);
        }
    }

    /** Returns the command that starts Loggos as a server, with the Java, the class path and the locale of this process. */
    static List<String> javaCommand() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Duser.language=" + System.getProperty("user.language"));
        if (Runtime.version().feature() >= 24) {
            command.add("--enable-native-access=ALL-UNNAMED");
            command.add("--sun-misc-unsafe-memory-access=allow");
        }
        command.addAll(SERVER_OPTIONS);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Loggos.class.getName()));
        return command;
    }

    int id() {
        return id;
    }

    /** Returns a line for people: the process and its log. */
    String introduction() {
        return "node " + id + ": process " + process.pid() + ", log " + log;
    }

    /** Returns the command that starts the node again, in a process of its own. */
    String commandLine() {
        return Loggos.program()
                + " "
                + arguments.stream()
                        .map(word -> word.indexOf(' ') < 0 ? word : "'" + word + "'")
                        .collect(Collectors.joining(" "));
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Returns a description of a process that has ended, with its last lines of output. */
    String epitaph() {
        StringBuilder text = new StringBuilder("node " + id + " ended with exit code " + process.exitValue()
                + " and is not started again; the end of " + log + ":");
        lastLines()
                .forEach(line ->
                        text.append(System.lineSeparator()).append("    ").append(line));
        return text.toString();
    }

    /** Asks the process to stop. */
    void stop() {
        process.destroy();
    }

    /** Waits until the process has ended. Kills it if it does not end in time. */
    void awaitEnd() throws InterruptedException {
        if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }

    private List<String> lastLines() {
        try (SeekableByteChannel channel = Files.newByteChannel(log)) {
            channel.position(Math.max(0, channel.size() - LOG_BYTES_READ));
            ByteBuffer buffer = ByteBuffer.allocate((int) LOG_BYTES_READ);
            int read;
            do {
                read = channel.read(buffer);
            } while (read > 0);
            List<String> lines = new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            return lines.subList(Math.max(0, lines.size() - LOG_LINES_SHOWN), lines.size());
        } catch (IOException e) {
            return List.of("(cannot be read: " + e.getMessage() + ")");
        }
    }
}
