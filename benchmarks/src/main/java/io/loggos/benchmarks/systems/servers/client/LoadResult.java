package io.loggos.benchmarks.systems.servers.client;

import io.loggos.benchmarks.harness.report.Figures;

/**
 * Result of the client program at one setting, handed on as one line.
 *
 * @param figures figures with the processor time of the servers and of the client
 * @param clientCpuMicrosPerOp the client's part of that processor time
 * @param residentBytes memory that the servers held at the end, in all
 */
public record LoadResult(
        String operation,
        int inFlight,
        int payloadBytes,
        Figures figures,
        double clientCpuMicrosPerOp,
        long residentBytes,
        long errors) {
    private static final String MARK = "found";
    private static final String SEPARATOR = "\t";
    private static final int PARTS = 8;

    /** Tells if a line is a result. */
    static boolean isIn(String line) {
        return line.startsWith(MARK + SEPARATOR);
    }

    /** Returns the result as one line. */
    public String toLine() {
        return String.join(
                SEPARATOR,
                MARK,
                operation,
                Integer.toString(inFlight),
                Integer.toString(payloadBytes),
                figures.toText(),
                Double.toString(clientCpuMicrosPerOp),
                Long.toString(residentBytes),
                Long.toString(errors));
    }

    /** Reads {@link #toLine} back. */
    static LoadResult parse(String line) {
        String[] parts = line.split(SEPARATOR, -1);
        if (parts.length != PARTS) {
            throw new IllegalArgumentException("not a result of the client program: " + line);
        }
        return new LoadResult(
                parts[1],
                Integer.parseInt(parts[2]),
                Integer.parseInt(parts[3]),
                Figures.parse(parts[4]),
                Double.parseDouble(parts[5]),
                Long.parseLong(parts[6]),
                Long.parseLong(parts[7]));
    }
}
