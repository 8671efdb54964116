package io.loggos.benchmarks.systems.servers;

import io.loggos.benchmarks.harness.cli.CommonOptions;
import io.loggos.benchmarks.harness.cli.ProgressLine;
import io.loggos.benchmarks.harness.machine.DataDirectory;
import io.loggos.benchmarks.harness.machine.Machine;
import io.loggos.benchmarks.harness.process.Processes;
import io.loggos.benchmarks.harness.report.Report;
import io.loggos.benchmarks.systems.servers.client.Members;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The servers that a command measures, one system after the other. A command takes them in as a mixin. */
public final class ServerSystems {
    private static final String LOGGOS = "loggos";
    private static final String ETCD = "etcd";

    @Option(
            names = "--systems",
            order = 1,
            split = ",",
            paramLabel = "NAME",
            defaultValue = LOGGOS + "," + ETCD,
            description = "What to measure: loggos, etcd. Default: ${DEFAULT-VALUE}")
    private List<String> systems = new ArrayList<>();

    /** Measurement of one cluster. */
    @FunctionalInterface
    public interface Measured {
        /** Returns what was measured on this cluster, which has a leader. */
        List<Report> on(ServerCluster cluster, String machine);
    }

    /**
     * Starts a cluster of each system, measures it and ends it. Leaves out etcd if it is not installed, with a message.
     *
     * @throws picocli.CommandLine.ParameterException if a system is not known
     */
    public List<Report> measure(CommonOptions common, Measured measured) throws IOException {
        List<String> chosen = systems.stream().distinct().toList();
        for (String system : chosen) {
            if (!system.equals(LOGGOS) && !system.equals(ETCD)) {
                throw common.misuse("--systems: there is no system '" + system + "', but loggos, etcd");
            }
        }
        Path etcd = EtcdServers.find();
        if (etcd == null && chosen.contains(ETCD)) {
            ProgressLine.complain("bench: etcd is skipped: there is no program of this name on the PATH");
        }
        List<Report> reports = new ArrayList<>();
        try (DataDirectory data = common.openData()) {
            for (String system : chosen) {
                Path directory = Files.createTempDirectory(data.path(), system);
                if (system.equals(LOGGOS)) {
                    Path log = directory.resolveSibling(directory.getFileName() + ".log");
                    reports.addAll(measure(LoggosServers.start(directory, log), directory, log, measured));
                } else if (etcd != null) {
                    Path log = directory.resolve("m0.log");
                    reports.addAll(measure(EtcdServers.start(etcd, directory), directory, log, measured));
                }
            }
        }
        return reports;
    }

    private static List<Report> measure(ServerCluster cluster, Path directory, Path log, Measured measured)
            throws IOException {
        try (cluster) {
            try (Members members = new Members(cluster.endpoints())) {
                members.awaitLeader();
            } catch (IllegalStateException e) {
                throw new IllegalStateException(e.getMessage() + "; " + Processes.tail(log), e);
            }
            return measured.on(cluster, Machine.describe(directory));
        }
    }
}
