package io.loggos.benchmarks.harness.process;

import java.util.List;

/** Options of each JVM that measures, the same for all systems. */
public final class JvmOptions {
    public static final String COLLECTOR = "-XX:+UseG1GC";
    public static final String LEAST_HEAP = "-Xms2g";
    public static final String MOST_HEAP = "-Xmx2g";
    /** Option for Agrona, which uses {@code Unsafe}. */
    public static final String UNSAFE = "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED";
    /** Option for Aeron, which accesses the selectors of NIO. */
    public static final String SELECTORS = "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED";

    /** All of these options. */
    public static final List<String> ALL = List.of(COLLECTOR, LEAST_HEAP, MOST_HEAP, UNSAFE, SELECTORS);

    private JvmOptions() {}
}
