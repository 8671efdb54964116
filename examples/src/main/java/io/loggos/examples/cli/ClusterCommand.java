package io.loggos.examples.cli;

import io.loggos.api.node.NodeOptions;
import io.loggos.examples.cli.options.BadUsageException;
import io.loggos.examples.cli.options.CommandFailure;
import io.loggos.examples.cli.options.LimitFlags;
import io.loggos.examples.cli.ports.EphemeralPorts;
import io.loggos.examples.cli.ports.LocalPorts;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code loggos cluster}: a whole cluster on this machine, one process for each node, until Ctrl-C. */
@Command(
        name = "cluster",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Runs a cluster on this machine, each node in a process of its own, until Ctrl-C.",
            "",
            "Listens on the loopback address only. What is written stays in the directory: the next start finds"
                    + " the same cluster there. A node that dies is reported and not started again, with the"
                    + " command that does."
        })
final class ClusterCommand implements Callable<Integer> {
    private static final int DEFAULT_NODES = 3;
    private static final long LOOK_MILLIS = 500;
    private static final List<Integer> ETCDS_PORTS = List.of(2379, 22_379, 32_379);

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(
            names = "--nodes",
            paramLabel = "N",
            description = "How many nodes; of a cluster that is there already, as many as it has. Default: 3")
    private @Nullable Integer nodes;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "loggos-data",
            description = "The directory of the cluster. Default: ${DEFAULT-VALUE}, in the current directory")
    private Path data = Path.of("loggos-data");

    @Option(
            names = "--client-ports",
            paramLabel = "PORT,...",
            split = ",",
            description = "The port of each node for its clients; of a cluster that is there already, from now on."
                    + " Default: 2379,22379,32379, then 22479,22579,...")
    private @Nullable List<Integer> clientPorts;

    @Mixin
    private final LimitFlags limits = new LimitFlags();

    private final List<NodeProcess> processes = new ArrayList<>();
    private final EphemeralPorts ephemeral = EphemeralPorts.ofSystem();
    private final CountDownLatch stopping = new CountDownLatch(1);

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        Path directory = data.toAbsolutePath().normalize();
        boolean again = ClusterLayout.existsIn(directory);
        ClusterLayout wanted = again ? existing(directory) : fresh();
        refuseIfClientPortsAreInUse(wanted, directory);
        ClusterLock lock = ClusterLock.take(directory);
        try {
            ClusterLayout layout = wanted.withFreeOwnPorts(ephemeral, out::println);
            layout.save(directory);
            out.println((again ? "going on with the cluster in " : "a new cluster in ") + directory);
            layout.clientPortsAtRisk(ephemeral).forEach(out::println);
            out.flush();
            run(layout, directory, out);
            return 0;
        } finally {
            lock.close();
        }
    }

    private void run(ClusterLayout layout, Path directory, PrintWriter out) throws InterruptedException {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stopAll(out), "loggos-shutdown"));
        for (int id = 1; id <= layout.nodes().size(); id++) {
            start(id, layout, directory);
        }
        processes.forEach(process -> out.println(process.introduction()));
        out.flush();
        try (ClusterMonitor monitor = new ClusterMonitor(processes, layout, out)) {
            watch(monitor, layout, out);
        }
    }

    /** Refuses taken client ports, which clients know, and names the command that goes on with others. */
    private void refuseIfClientPortsAreInUse(ClusterLayout layout, Path directory) {
        List<String> inUse = layout.clientPortsInUse();
        if (!inUse.isEmpty()) {
            String others = layout.freeClientPorts(ephemeral).stream()
                    .map(String::valueOf)
                    .collect(Collectors.joining(","));
            throw new CommandFailure(String.join("; ", inUse) + "; nothing was started. With other client ports: "
                    + Loggos.program() + " cluster --data " + directory + " --client-ports " + others);
        }
    }

    private void watch(ClusterMonitor monitor, ClusterLayout layout, PrintWriter out) throws InterruptedException {
        boolean told = false;
        while (!monitor.allDead()) {
            boolean led = monitor.look(System.nanoTime());
            if (led && !told) {
                told = true;
                tell(layout, out);
            }
            if (stopping.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                return;
            }
        }
        throw new CommandFailure("no node is left");
    }

    private static void tell(ClusterLayout layout, PrintWriter out) {
        String endpoints = layout.nodes().stream()
                .map(ports -> ports.clientAddress().toString())
                .collect(Collectors.joining(","));
        out.println();
        out.println("ready. In another terminal (with etcdctl before 3.4, say 'export ETCDCTL_API=3' first):");
        out.println("    etcdctl --endpoints=" + endpoints + " put greeting hello");
        out.println("    etcdctl --endpoints=" + endpoints + " get greeting");
        out.println("    " + Loggos.program() + " status --endpoints " + endpoints);
        out.println("Metrics and health of each node, for Prometheus and load balancers:");
        layout.nodes().forEach(ports -> out.println("    " + ports.metricsUrl() + "/metrics"));
        out.println("Ctrl-C stops the cluster.");
        out.println();
        out.flush();
    }

    private synchronized void start(int id, ClusterLayout layout, Path directory) {
        if (stopping.getCount() > 0) {
            processes.add(NodeProcess.start(id, layout, directory, limits.arguments()));
        }
    }

    private synchronized void stopAll(PrintWriter out) {
        stopping.countDown();
        out.println("stopping");
        out.flush();
        processes.forEach(NodeProcess::stop);
        try {
            for (NodeProcess process : processes) {
                process.awaitEnd();
            }
            out.println("stopped");
            out.flush();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private ClusterLayout existing(Path directory) {
        ClusterLayout layout = ClusterLayout.load(directory);
        int count = layout.nodes().size();
        if (nodes != null && nodes != count) {
            throw new BadUsageException("the cluster in " + directory + " has " + count + " nodes, not " + nodes);
        }
        return clientPorts == null ? layout : layout.withClientPorts(checkedPorts(clientPorts, count));
    }

    private ClusterLayout fresh() {
        int count = nodes != null ? nodes : clientPorts != null ? clientPorts.size() : DEFAULT_NODES;
        if (count < 1 || count > NodeOptions.MAX_NODES) {
            throw new BadUsageException("--nodes is 1 to " + NodeOptions.MAX_NODES + ", not " + count);
        }
        List<Integer> ports = clientPorts == null ? defaultPorts(count) : checkedPorts(clientPorts, count);
        return ClusterLayout.create(ports, ephemeral);
    }

    /**
     * Returns the ports of etcd's examples, 2379, 22379 and 32379, then 22479, 22579 and so on. An ephemeral port is
     * replaced by another.
     */
    private List<Integer> defaultPorts(int count) {
        List<Integer> ports = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ports.add(i < ETCDS_PORTS.size() ? ETCDS_PORTS.get(i) : ETCDS_PORTS.get(1) + 100 * (i - 2));
        }
        Set<Integer> taken = new HashSet<>(ports);
        ports.replaceAll(port -> {
            int chosen = ephemeral.contains(port) ? LocalPorts.chooseOne(ephemeral, taken) : port;
            taken.add(chosen);
            return chosen;
        });
        return ports;
    }

    private static List<Integer> checkedPorts(List<Integer> ports, int count) {
        List<String> problems = new ArrayList<>();
        if (ports.size() != count) {
            problems.add("--client-ports names " + ports.size() + " ports for " + count + " nodes");
        }
        if (new HashSet<>(ports).size() != ports.size()) {
            problems.add("--client-ports names a port twice");
        }
        for (int port : ports) {
            if (port < 1 || port > 0xFFFF) {
                problems.add("a port is 1 to 65535, not " + port);
            }
        }
        if (!problems.isEmpty()) {
            throw new BadUsageException(problems);
        }
        return ports;
    }
}
