package io.loggos.benchmarks.commands.multicast;

import io.loggos.benchmarks.harness.report.Figures;
import io.loggos.benchmarks.harness.report.JsonObject;
import io.loggos.benchmarks.harness.report.Subject;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Result at one setting.
 *
 * @param figures an operation is a multicast that all members were delivered
 * @param errors sends that failed
 * @param agree true if every member was delivered everything, each sender's messages in order and, in a total order,
 *     all in the same order; null for a floor
 * @param machine description of the machine
 * @param jvm the JVM that measured, and its options
 */
record MulticastReport(
        MulticastSetting setting,
        Figures figures,
        long errors,
        @Nullable Boolean agree,
        String machine,
        String jvm) {
    private static final String SEPARATOR = "\t";
    private static final String NONE = "none";
    private static final int PARTS = 5;

    /** Tells if the figures are valid. */
    boolean sound() {
        return errors == 0 && figures.opsPerSecond() > 0 && !Boolean.FALSE.equals(agree);
    }

    /** Returns the processor time of the whole group for one delivery at one member. */
    double cpuMicrosPerDelivery() {
        return figures.cpuMicrosPerOp() / setting.members();
    }

    /** Returns the bytes that the whole group allocates for one delivery at one member. */
    double allocatedBytesPerDelivery() {
        return figures.allocatedBytesPerOp() / setting.members();
    }

    /** Returns the median latency; not a number if only throughput was measured. */
    double p50Micros() {
        return hasLatency() ? figures.p50Micros() : Double.NaN;
    }

    /** Returns the 99th percentile of the latency; not a number if only throughput was measured. */
    double p99Micros() {
        return hasLatency() ? figures.p99Micros() : Double.NaN;
    }

    /** Returns one line for a person. */
    String summary() {
        String text = String.format(
                Locale.ROOT,
                "%,.0f multicasts/s, %,.2f µs of CPU and %,.0f bytes a delivery",
                figures.opsPerSecond(),
                cpuMicrosPerDelivery(),
                allocatedBytesPerDelivery());
        if (hasLatency()) {
            text += String.format(Locale.ROOT, ", p50 %,.0f µs, p99 %,.0f µs", p50Micros(), p99Micros());
        }
        return sound() ? text : text + "; " + fault();
    }

    /** Returns the fault; empty if the report is sound. */
    String fault() {
        if (Boolean.FALSE.equals(agree)) {
            return "MEMBERS DIFFER";
        }
        return errors > 0 ? errors + " errors" : sound() ? "" : "nothing delivered";
    }

    /** Returns one JSON object, in one line. */
    String toJson() {
        Subject subject = setting.subject();
        JsonObject object = new JsonObject()
                .text("system", subject.name())
                .text("version", subject.version())
                .text("settings", subject.durability())
                .text("measure", setting.measureText());
        if (setting.isFloor()) {
            object.nothing("ordering").nothing("members").nothing("senders");
        } else {
            object.text("ordering", setting.ordering().name())
                    .number("members", setting.members())
                    .number("senders", setting.senders());
        }
        return object.number("payloadBytes", setting.payloadBytes())
                .number("opsPerSecond", figures.opsPerSecond())
                .number("p50Micros", p50Micros())
                .number("p99Micros", p99Micros())
                .number("cpuMicrosPerDelivery", cpuMicrosPerDelivery())
                .number("allocatedBytesPerDelivery", allocatedBytesPerDelivery())
                .number("errors", errors)
                .truth("agree", agree)
                .text("machine", machine)
                .text("jvm", jvm)
                .end();
    }

    /** Returns one line for the JVM that collects the reports. */
    String toText() {
        return String.join(
                SEPARATOR,
                figures.toText(),
                Long.toString(errors),
                agree == null ? NONE : agree.toString(),
                machine,
                jvm);
    }

    /** Reads {@link #toText} back. */
    static MulticastReport parse(MulticastSetting setting, String text) {
        String[] parts = text.split(SEPARATOR, -1);
        if (parts.length != PARTS) {
            throw new IllegalArgumentException("not a report: " + text);
        }
        return new MulticastReport(
                setting,
                Figures.parse(parts[0]),
                Long.parseLong(parts[1]),
                parts[2].equals(NONE) ? null : Boolean.valueOf(parts[2]),
                parts[3],
                parts[4]);
    }

    private boolean hasLatency() {
        return setting.measure() == MulticastSetting.Measure.LATENCY;
    }
}
