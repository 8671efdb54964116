package io.loggos.benchmarks.report;

import java.util.Locale;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * What one benchmark found at one setting.
 *
 * @param inFlight operations under way at any time; for the stores, the records in one synced write
 * @param opsPerSecond operations that completed without an error
 * @param p50Micros from the call to its completion, as are the two that follow
 * @param cpuMicrosPerOp of the whole process: all nodes, the caller, RocksDB, gRPC, compiler and collector
 * @param allocatedBytesPerOp on the heap, by all Java threads of the process
 * @param errors operations that failed, those between the measured times included
 * @param replicasAgree whether all replicas had applied the same slots and held the same state at the end; null where
 *     there are none
 */
public record Report(
        Subject subject,
        int inFlight,
        int payloadBytes,
        double opsPerSecond,
        double p50Micros,
        double p99Micros,
        double p999Micros,
        double cpuMicrosPerOp,
        double allocatedBytesPerOp,
        long errors,
        @Nullable Boolean replicasAgree,
        String machine,
        String jvm) {

    /** Whether the figures mean anything. */
    public boolean sound() {
        return errors == 0 && opsPerSecond > 0 && !Boolean.FALSE.equals(replicasAgree);
    }

    /** One JSON object, in one line. */
    public String toJson() {
        return new JsonLine()
                .text("system", subject.label())
                .text("version", subject.version())
                .text("durability", subject.durability())
                .number("inFlight", inFlight)
                .number("payloadBytes", payloadBytes)
                .number("opsPerSecond", opsPerSecond)
                .number("p50Micros", p50Micros)
                .number("p99Micros", p99Micros)
                .number("p999Micros", p999Micros)
                .number("cpuMicrosPerOp", cpuMicrosPerOp)
                .number("allocatedBytesPerOp", allocatedBytesPerOp)
                .number("errors", errors)
                .raw("replicasAgree", String.valueOf(replicasAgree))
                .text("machine", machine)
                .text("jvm", jvm)
                .end();
    }

    /** The form in which the forked JVM hands it to the one that gathers. */
    public Properties toProperties() {
        Properties properties = new Properties();
        properties.setProperty("subject", subject.name());
        properties.setProperty("inFlight", Integer.toString(inFlight));
        properties.setProperty("payloadBytes", Integer.toString(payloadBytes));
        properties.setProperty("opsPerSecond", Double.toString(opsPerSecond));
        properties.setProperty("p50Micros", Double.toString(p50Micros));
        properties.setProperty("p99Micros", Double.toString(p99Micros));
        properties.setProperty("p999Micros", Double.toString(p999Micros));
        properties.setProperty("cpuMicrosPerOp", Double.toString(cpuMicrosPerOp));
        properties.setProperty("allocatedBytesPerOp", Double.toString(allocatedBytesPerOp));
        properties.setProperty("errors", Long.toString(errors));
        if (replicasAgree != null) {
            properties.setProperty("replicasAgree", replicasAgree.toString());
        }
        properties.setProperty("machine", machine);
        properties.setProperty("jvm", jvm);
        return properties;
    }

    /** Reads {@link #toProperties} back. */
    public static Report of(Properties properties) {
        String agree = properties.getProperty("replicasAgree");
        return new Report(
                Subject.valueOf(required(properties, "subject")),
                Integer.parseInt(required(properties, "inFlight")),
                Integer.parseInt(required(properties, "payloadBytes")),
                Double.parseDouble(required(properties, "opsPerSecond")),
                Double.parseDouble(required(properties, "p50Micros")),
                Double.parseDouble(required(properties, "p99Micros")),
                Double.parseDouble(required(properties, "p999Micros")),
                Double.parseDouble(required(properties, "cpuMicrosPerOp")),
                Double.parseDouble(required(properties, "allocatedBytesPerOp")),
                Long.parseLong(required(properties, "errors")),
                agree == null ? null : Boolean.valueOf(agree),
                required(properties, "machine"),
                required(properties, "jvm"));
    }

    /** One line for a person. */
    public String summary() {
        return String.format(
                Locale.ROOT, "%,.0f operations/s, p50 %,.0f µs, p99 %,.0f µs", opsPerSecond, p50Micros, p99Micros);
    }

    private static String required(Properties properties, String name) {
        String value = properties.getProperty(name);
        if (value == null) {
            throw new IllegalArgumentException("the record has no " + name);
        }
        return value;
    }
}
