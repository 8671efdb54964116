package io.loggos.benchmarks.harness.report;

/** Records that nobody has measured. */
public final class Reports {
    public static final Subject LOGGOS = Subject.system("loggos", "Loggos", "loggos 1.0", "on disk");
    public static final Subject PEER = Subject.system("peer", "A peer", "peer 2.0", "on paper & <b>");

    private Reports() {}

    public static Report closed(Subject subject, int inFlight, double opsPerSecond, double p50) {
        return new Report(
                subject,
                inFlight,
                256,
                figures(opsPerSecond, p50),
                0,
                agree(subject),
                null,
                null,
                "a \"big\" one\n",
                "a JVM");
    }

    public static Report open(Subject subject, double offered, long refused) {
        OpenLoad load = new OpenLoad(offered, refused, 1 << 20, 2 << 20);
        return new Report(subject, 0, 256, figures(offered, 700), 0, agree(subject), load, null, "a machine", "a JVM");
    }

    public static Report withFaults(Report report, long errors, boolean agree) {
        return new Report(
                report.subject(),
                report.inFlight(),
                report.payloadBytes(),
                report.figures(),
                errors,
                agree,
                report.openLoad(),
                report.served(),
                report.machine(),
                report.jvm());
    }

    private static Boolean agree(Subject subject) {
        return subject.isFloor() ? null : Boolean.TRUE;
    }

    private static Figures figures(double opsPerSecond, double p50) {
        return new Figures(opsPerSecond, p50, 2 * p50, 3 * p50, 50, 2_000);
    }
}
