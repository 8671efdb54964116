package io.loggos.benchmarks.harness.machine;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.RuntimeMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Description of the machine and of the JVM of a measurement. */
public final class Machine {
    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
    private static final List<String> IN_MEMORY = List.of("tmpfs", "ramfs", "devtmpfs");

    private static final List<String> NOT_TOLD = List.of("-D", "-XX:+Unlock", "-XX:CompileCommandFile");

    private Machine() {}

    /** Returns the cores, processor, memory, operating system, and the file system of the data. */
    public static String describe(Path data) throws IOException {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        return String.format(
                Locale.ROOT,
                "%d cores, %s, %d GiB, %s %s, %s",
                Runtime.getRuntime().availableProcessors(),
                processor(),
                system.getTotalMemorySize() >> 30,
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                Files.getFileStore(data).type());
    }

    /** Returns the JVM and its options, without system properties and without those that JMH adds. */
    public static String describeJvm() {
        RuntimeMXBean runtime = ManagementFactory.getRuntimeMXBean();
        return runtime.getVmName() + " " + runtime.getVmVersion() + " "
                + runtime.getInputArguments().stream()
                        .filter(argument -> NOT_TOLD.stream().noneMatch(argument::startsWith))
                        .distinct()
                        .collect(Collectors.joining(" "));
    }

    /** Tells if the directory is kept in memory, so that a sync reaches no disk. */
    public static boolean isInMemory(Path directory) throws IOException {
        return IN_MEMORY.contains(Files.getFileStore(directory).type());
    }

    private static String processor() throws IOException {
        String architecture = System.getProperty("os.arch");
        if (!Files.isReadable(CPU_INFO)) {
            return architecture;
        }
        try (Stream<String> lines = Files.lines(CPU_INFO)) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(architecture);
        }
    }
}
