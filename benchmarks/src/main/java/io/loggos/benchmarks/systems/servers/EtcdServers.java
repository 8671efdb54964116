package io.loggos.benchmarks.systems.servers;

import io.loggos.benchmarks.harness.machine.Loopback;
import io.loggos.benchmarks.harness.process.Processes;
import io.loggos.benchmarks.harness.report.Subject;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Three members of the etcd that is installed on this machine, with its own defaults. */
public final class EtcdServers implements ServerCluster {
    /** Quota of the store. The default of 2 GB would end a long run with large values; a short run never reaches it. */
    /** Room for what a benchmark writes; the default is 2 GiB, here and there. */
    static final String QUOTA = "--quota-backend-bytes=" + (8L << 30);

    private static final String NAME = "etcd";
    private static final int NODES = 3;

    private final Processes processes;
    private final List<ProcessHandle> members;
    private final List<String> endpoints;
    private final Subject subject;

    private EtcdServers(Processes processes, List<ProcessHandle> members, List<String> endpoints, Subject subject) {
        this.processes = processes;
        this.members = members;
        this.endpoints = endpoints;
        this.subject = subject;
    }

    /** Returns the program; null if it is not on the path. */
    public static @Nullable Path find() {
        String path = System.getenv("PATH");
        return path == null
                ? null
                : Stream.of(path.split(File.pathSeparator, -1))
                        .map(directory -> Path.of(directory, NAME))
                        .filter(Files::isExecutable)
                        .findFirst()
                        .orElse(null);
    }

    /** Starts the members, with their data and their logs in this directory. */
    public static EtcdServers start(Path program, Path directory) throws IOException {
        Subject subject = Subject.system(
                NAME,
                NAME,
                version(program),
                "in the synced log of a majority, and applied by the member that answers");
        List<Integer> ports = Loopback.freePorts(2 * NODES);
        List<String> cluster = new ArrayList<>();
        for (int i = 0; i < NODES; i++) {
            cluster.add("m" + i + "=" + url(ports.get(NODES + i)));
        }
        Processes processes = new Processes();
        List<ProcessHandle> members = new ArrayList<>();
        List<String> endpoints = new ArrayList<>();
        try {
            for (int i = 0; i < NODES; i++) {
                String client = url(ports.get(i));
                String peer = url(ports.get(NODES + i));
                members.add(processes
                        .start(
                                List.of(
                                        program.toString(),
                                        "--name=m" + i,
                                        "--data-dir=" + directory.resolve("m" + i),
                                        "--listen-client-urls=" + client,
                                        "--advertise-client-urls=" + client,
                                        "--listen-peer-urls=" + peer,
                                        "--initial-advertise-peer-urls=" + peer,
                                        "--initial-cluster=" + String.join(",", cluster),
                                        QUOTA),
                                directory.resolve("m" + i + ".log"))
                        .toHandle());
                endpoints.add(Loopback.address(ports.get(i)));
            }
        } catch (IOException e) {
            processes.close();
            throw e;
        }
        return new EtcdServers(processes, members, endpoints, subject);
    }

    @Override
    public Subject subject() {
        return subject;
    }

    @Override
    public List<String> endpoints() {
        return endpoints;
    }

    @Override
    public List<ProcessHandle> members() {
        return members;
    }

    @Override
    public void close() {
        processes.close();
    }

    private static String url(int port) {
        return "http://" + Loopback.address(port);
    }

    /** Returns the version from the program's output: "etcd Version: 3.4.23", and more. */
    private static String version(Path program) throws IOException {
        Process process = new ProcessBuilder(program.toString(), "--version")
                .redirectErrorStream(true)
                .start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return NAME + " "
                + text.lines()
                        .filter(line -> line.contains("Version:"))
                        .map(line -> line.substring(line.indexOf(':') + 1).strip())
                        .findFirst()
                        .orElse("of an unknown version");
    }
}
