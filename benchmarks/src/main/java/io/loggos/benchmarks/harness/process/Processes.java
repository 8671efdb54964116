package io.loggos.benchmarks.harness.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Processes that this one has started. They end with it. */
public final class Processes implements AutoCloseable {
    private static final long STOP_SECONDS = 20;
    private static final int LINES_SHOWN = 5;

    /** Line with the memory of a process, in KiB. */
    private static final String RESIDENT = "VmRSS:";

    private final List<Process> started = new ArrayList<>();
    private final Thread atExit = new Thread(this::stopAll, "bench-stopping");

    public Processes() {
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /** Starts a process whose output goes to a file. */
    public synchronized Process start(List<String> command, Path log) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        started.add(process);
        return process;
    }

    /** Returns the processor time that processes have used since they began. */
    public static long cpuNanos(List<ProcessHandle> processes) {
        return processes.stream()
                .mapToLong(process ->
                        process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos())
                .sum();
    }

    /** Returns the memory that processes hold, in all; 0 for one that has ended, or where the system does not tell. */
    public static long residentBytes(List<ProcessHandle> processes) {
        return processes.stream().mapToLong(Processes::residentBytes).sum();
    }

    private static long residentBytes(ProcessHandle process) {
        try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
            return lines.filter(line -> line.startsWith(RESIDENT))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10)
                    .sum();
        } catch (IOException | UncheckedIOException e) {
            return 0;
        }
    }

    /** Returns the last lines of the output of a process. */
    public static String tail(Path log) throws IOException {
        List<String> lines = Files.exists(log) ? Files.readAllLines(log) : List.of();
        return String.join(
                System.lineSeparator(), lines.subList(Math.max(0, lines.size() - LINES_SHOWN), lines.size()));
    }

    /** Ends all of them and their descendants, and returns once they are gone. */
    @Override
    public void close() {
        stopAll();
        Runtime.getRuntime().removeShutdownHook(atExit);
    }

    private synchronized void stopAll() {
        List<ProcessHandle> all = new ArrayList<>();
        started.forEach(process -> {
            all.add(process.toHandle());
            process.descendants().forEach(all::add);
        });
        started.forEach(Process::destroy);
        for (ProcessHandle each : all) {
            try {
                each.onExit().get(STOP_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                each.destroyForcibly();
            } catch (Exception e) {
                each.destroyForcibly();
            }
        }
        started.clear();
    }
}
