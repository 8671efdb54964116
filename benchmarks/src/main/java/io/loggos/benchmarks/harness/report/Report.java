package io.loggos.benchmarks.harness.report;

import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Result of one benchmark at one setting.
 *
 * @param inFlight operations under way at any time; for the stores, the records in one synced write; 0 in an open loop
 * @param errors number of operations that failed, including those between the measured times
 * @param replicasAgree true if all replicas had applied the same commands in the same order at the end; null where
 *     there are none
 * @param openLoad figures of an open loop; null if the loop was closed
 * @param served figures of servers; null if it was measured within one process
 * @param machine description of the machine
 * @param jvm the JVM that measured, and its options
 */
public record Report(
        Subject subject,
        int inFlight,
        int payloadBytes,
        Figures figures,
        long errors,
        @Nullable Boolean replicasAgree,
        @Nullable OpenLoad openLoad,
        @Nullable Served served,
        String machine,
        String jvm) {

    /** Tells if the figures are valid. */
    public boolean sound() {
        return errors == 0 && figures.opsPerSecond() > 0 && !Boolean.FALSE.equals(replicasAgree);
    }

    /** Tells if the other report has the same setting. */
    public boolean hasSettingOf(Report other) {
        return inFlight == other.inFlight
                && payloadBytes == other.payloadBytes
                && operation().equals(other.operation())
                && offeredPerSecond() == other.offeredPerSecond();
    }

    /** Returns one JSON object, in one line. */
    public String toJson() {
        return json().end();
    }

    /** Returns the same object, open for further members. */
    public JsonObject json() {
        JsonObject object = new JsonObject()
                .text("system", subject.name())
                .text("version", subject.version())
                .text("durability", subject.durability());
        if (served != null) {
            object.text("operation", served.operation());
        }
        if (inFlight > 0) {
            object.number("inFlight", inFlight);
        } else {
            object.nothing("inFlight");
        }
        object.number("payloadBytes", payloadBytes)
                .number("opsPerSecond", figures.opsPerSecond())
                .number("p50Micros", figures.p50Micros())
                .number("p99Micros", figures.p99Micros())
                .number("p999Micros", figures.p999Micros())
                .number("cpuMicrosPerOp", figures.cpuMicrosPerOp())
                .number("allocatedBytesPerOp", figures.allocatedBytesPerOp())
                .number("errors", errors)
                .truth("replicasAgree", replicasAgree);
        if (served != null) {
            object.number("clientCpuMicrosPerOp", served.clientCpuMicrosPerOp())
                    .number("residentBytes", served.residentBytes());
        }
        if (openLoad != null) {
            object.number("offeredPerSecond", openLoad.offeredPerSecond())
                    .number("refused", openLoad.refused())
                    .number("heapBeforeBytes", openLoad.heapBeforeBytes())
                    .number("heapAfterBytes", openLoad.heapAfterBytes());
        }
        return object.text("machine", machine).text("jvm", jvm);
    }

    /** Returns the properties that the forked JVM hands to the one that collects. */
    public Properties toProperties() {
        Properties properties = new Properties();
        properties.setProperty("name", subject.name());
        properties.setProperty("label", subject.label());
        properties.setProperty("kind", subject.kind().name());
        properties.setProperty("version", subject.version());
        properties.setProperty("durability", subject.durability());
        properties.setProperty("inFlight", Integer.toString(inFlight));
        properties.setProperty("payloadBytes", Integer.toString(payloadBytes));
        properties.setProperty("figures", figures.toText());
        properties.setProperty("errors", Long.toString(errors));
        if (replicasAgree != null) {
            properties.setProperty("replicasAgree", replicasAgree.toString());
        }
        if (openLoad != null) {
            properties.setProperty("offeredPerSecond", Double.toString(openLoad.offeredPerSecond()));
            properties.setProperty("refused", Long.toString(openLoad.refused()));
            properties.setProperty("heapBeforeBytes", Long.toString(openLoad.heapBeforeBytes()));
            properties.setProperty("heapAfterBytes", Long.toString(openLoad.heapAfterBytes()));
        }
        properties.setProperty("machine", machine);
        properties.setProperty("jvm", jvm);
        return properties;
    }

    /** Reads {@link #toProperties} back. */
    public static Report of(Properties properties) {
        String agree = properties.getProperty("replicasAgree");
        return new Report(
                new Subject(
                        required(properties, "name"),
                        required(properties, "label"),
                        Subject.Kind.valueOf(required(properties, "kind")),
                        required(properties, "version"),
                        required(properties, "durability")),
                Integer.parseInt(required(properties, "inFlight")),
                Integer.parseInt(required(properties, "payloadBytes")),
                Figures.parse(required(properties, "figures")),
                Long.parseLong(required(properties, "errors")),
                agree == null ? null : Boolean.valueOf(agree),
                properties.containsKey("refused")
                        ? new OpenLoad(
                                number(properties, "offeredPerSecond"),
                                Long.parseLong(required(properties, "refused")),
                                Long.parseLong(required(properties, "heapBeforeBytes")),
                                Long.parseLong(required(properties, "heapAfterBytes")))
                        : null,
                null,
                required(properties, "machine"),
                required(properties, "jvm"));
    }

    /** Returns one line for a person. */
    public String summary() {
        String open = openLoad == null ? "" : "; " + openLoad.summary();
        String fault = sound() ? "" : "; " + fault();
        return figures.summary() + open + fault;
    }

    /** Returns the fault of a report that is not {@link #sound}. */
    public String fault() {
        if (Boolean.FALSE.equals(replicasAgree)) {
            return "REPLICAS DIFFER";
        }
        return errors > 0 ? errors + " errors" : "nothing completed";
    }

    /** Returns the operations that were offered each second; 0 if the loop was closed. */
    public double offeredPerSecond() {
        return openLoad == null ? 0 : openLoad.offeredPerSecond();
    }

    /** Returns the operation that servers were asked for; empty if it was measured within one process. */
    public String operation() {
        return served == null ? "" : served.operation();
    }

    private static double number(Properties properties, String name) {
        return Double.parseDouble(required(properties, name));
    }

    private static String required(Properties properties, String name) {
        String value = properties.getProperty(name);
        if (value == null) {
            throw new IllegalArgumentException("the record has no " + name);
        }
        return value;
    }
}
