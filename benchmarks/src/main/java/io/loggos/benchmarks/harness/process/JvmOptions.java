package io.loggos.benchmarks.harness.process;

import java.util.List;

/** With what each JVM runs that measures: the same for all systems. */
public final class JvmOptions {
    public static final String COLLECTOR = "-XX:+UseG1GC";
    public static final String LEAST_HEAP = "-Xms2g";
    public static final String MOST_HEAP = "-Xmx2g";
    /** For Agrona, which reaches for {@code Unsafe}. */
    public static final String UNSAFE = "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED";
    /** For Aeron, which looks into NIO's selectors. */
    public static final String SELECTORS = "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED";

    /** All of them. */
    public static final List<String> ALL = List.of(COLLECTOR, LEAST_HEAP, MOST_HEAP, UNSAFE, SELECTORS);

    private JvmOptions() {}
}
