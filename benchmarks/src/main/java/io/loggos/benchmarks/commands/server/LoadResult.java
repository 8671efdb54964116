package io.loggos.benchmarks.commands.server;

import io.loggos.benchmarks.harness.report.Figures;
import java.util.List;
import java.util.Locale;

/**
 * What the client program found at one setting, as it hands it on: a line of its standard output.
 *
 * @param figures with the processor time of the servers and of the client
 * @param clientCpuMicrosPerOp the client's part of that
 */
record LoadResult(
        String operation, int inFlight, int payloadBytes, Figures figures, double clientCpuMicrosPerOp, long errors) {
    private static final String MARK = "found ";
    private static final int PARTS = 10;

    /** Whether a line is one. */
    static boolean isIn(String line) {
        return line.startsWith(MARK);
    }

    String toLine() {
        return MARK
                + String.format(
                        Locale.ROOT,
                        "%s %d %d %s %s %s %s %s %s %d",
                        operation,
                        inFlight,
                        payloadBytes,
                        figures.opsPerSecond(),
                        figures.p50Micros(),
                        figures.p99Micros(),
                        figures.p999Micros(),
                        figures.cpuMicrosPerOp(),
                        clientCpuMicrosPerOp,
                        errors);
    }

    /** Reads {@link #toLine} back. */
    static LoadResult of(String line) {
        List<String> parts = List.of(line.substring(MARK.length()).split(" ", -1));
        if (parts.size() != PARTS) {
            throw new IllegalArgumentException("not what the client program says: " + line);
        }
        Figures figures = new Figures(
                Double.parseDouble(parts.get(3)),
                Double.parseDouble(parts.get(4)),
                Double.parseDouble(parts.get(5)),
                Double.parseDouble(parts.get(6)),
                Double.parseDouble(parts.get(7)),
                Double.NaN);
        return new LoadResult(
                parts.get(0),
                Integer.parseInt(parts.get(1)),
                Integer.parseInt(parts.get(2)),
                figures,
                Double.parseDouble(parts.get(8)),
                Long.parseLong(parts.get(9)));
    }
}
