package io.loggos.benchmarks.systems.servers;

import io.loggos.benchmarks.harness.machine.FreePorts;
import io.loggos.benchmarks.harness.machine.Versions;
import io.loggos.benchmarks.harness.process.JavaProcess;
import io.loggos.benchmarks.harness.process.Processes;
import io.loggos.benchmarks.harness.report.Subject;
import io.loggos.examples.cli.Loggos;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What {@code loggos cluster} starts, with the options that it gives to its servers. */
public final class LoggosServers implements ServerCluster {
    public static final Subject SUBJECT = Subject.system(
            Subject.LOGGOS,
            "Loggos server",
            "loggos " + Versions.of("loggos"),
            "accepted in a synced RocksDB on a majority, and applied by the member that answers");
    private static final int NODES = 3;

    private final Processes processes;
    private final Process parent;
    private final List<String> endpoints;

    private LoggosServers(Processes processes, Process parent, List<String> endpoints) {
        this.processes = processes;
        this.parent = parent;
        this.endpoints = endpoints;
    }

    /** Starts them, with their data and their logs in this directory. */
    public static LoggosServers start(Path directory, Path log) throws IOException {
        List<Integer> ports = FreePorts.find(NODES);
        List<String> command = new ArrayList<>(JavaProcess.command(List.of(), Loggos.class.getName()));
        command.addAll(List.of("cluster", "--nodes", Integer.toString(NODES)));
        command.addAll(List.of("--data", directory.toString()));
        command.addAll(
                List.of("--client-ports", ports.stream().map(String::valueOf).collect(Collectors.joining(","))));
        Processes processes = new Processes();
        Process parent = processes.start(command, log);
        return new LoggosServers(
                processes,
                parent,
                ports.stream().map(port -> "127.0.0.1:" + port).toList());
    }

    @Override
    public Subject subject() {
        return SUBJECT;
    }

    @Override
    public List<String> endpoints() {
        return endpoints;
    }

    @Override
    public List<ProcessHandle> members() {
        return parent.children().toList();
    }

    @Override
    public void close() {
        processes.close();
    }
}
