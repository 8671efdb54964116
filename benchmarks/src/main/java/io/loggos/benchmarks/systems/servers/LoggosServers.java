package io.loggos.benchmarks.systems.servers;

import io.loggos.benchmarks.harness.machine.Addresses;
import io.loggos.benchmarks.harness.process.ForkedJvm;
import io.loggos.benchmarks.harness.process.Processes;
import io.loggos.benchmarks.harness.report.Subject;
import io.loggos.examples.cli.Loggos;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/** The servers that {@code loggos cluster} starts, with the options that it gives them. */
public final class LoggosServers implements ServerCluster {
    public static final Subject SUBJECT = Subject.loggos(
            Subject.LOGGOS,
            "Loggos server",
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

    /** Starts the servers, with their data and their logs in this directory. */
    public static LoggosServers start(Path directory, Path log) throws IOException {
        Addresses clients = Addresses.free(directory, NODES);
        List<String> command = ForkedJvm.command(
                ForkedJvm.ownOptions(),
                Loggos.class,
                List.of(
                        "cluster",
                        "--nodes",
                        Integer.toString(NODES),
                        "--data",
                        directory.toString(),
                        "--client-ports",
                        clients.portsText(),
                        EtcdServers.QUOTA));
        Processes processes = new Processes();
        Process parent = processes.start(command, log);
        return new LoggosServers(
                processes,
                parent,
                IntStream.range(0, NODES).mapToObj(clients::text).toList());
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
