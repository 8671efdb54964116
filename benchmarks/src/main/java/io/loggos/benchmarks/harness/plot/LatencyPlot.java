package io.loggos.benchmarks.harness.plot;

import io.loggos.benchmarks.harness.plot.SvgCanvas.Point;
import io.loggos.benchmarks.harness.plot.SvgCanvas.Shape;
import io.loggos.benchmarks.harness.plot.SvgCanvas.Stroke;
import io.loggos.benchmarks.harness.report.Floors;
import io.loggos.benchmarks.harness.report.Report;
import io.loggos.benchmarks.harness.report.Subject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Throughput against latency, as an SVG document. There is a panel for each operation and size. In a panel, each system
 * has a line through its settings at the median and another at the 99th percentile. Floors are beside them. Both axes
 * are logarithmic.
 */
public final class LatencyPlot {
    private static final int WIDTH = 1150;
    private static final int PANEL_HEIGHT = 560;
    private static final int HEAD = 64;
    private static final int LEFT = 86;
    private static final int RIGHT = 800;
    private static final int PANEL_TOP = 34;
    private static final int PANEL_BOTTOM = 490;

    private static final String INK = "#222222";
    private static final String FAINT = "#666666";
    private static final Stroke FRAME = Stroke.solid("#444444", 1);
    private static final Stroke GRID = Stroke.solid("#e4e4e4", 1);
    private static final Stroke LEAST_LATENCY = new Stroke("#555555", 1.2, "9 4");
    private static final Stroke MOST_THROUGHPUT = new Stroke("#555555", 1.2, "2 3");

    private final List<Report> drawn;
    private final List<Report> leftOut;
    private final Palette palette;
    private final List<String> settings;

    /** Creates a plot of the sound reports among these. */
    public LatencyPlot(List<Report> reports) {
        this.drawn = reports.stream()
                .filter(Report::sound)
                .sorted(Comparator.comparingInt(Report::inFlight).thenComparingDouble(Report::offeredPerSecond))
                .toList();
        this.leftOut = reports.stream().filter(report -> !report.sound()).toList();
        this.palette = new Palette(reports.stream().map(Report::subject).toList());
        this.settings = drawn.stream().map(LatencyPlot::setting).distinct().toList();
    }

    /** Returns the document. */
    public String toSvg() {
        List<String> panels = drawn.stream()
                .sorted(Comparator.comparingInt(Report::payloadBytes))
                .map(LatencyPlot::panel)
                .distinct()
                .toList();
        int legend = HEAD + PlotLegend.height(palette, settings);
        SvgCanvas canvas = new SvgCanvas(WIDTH, Math.max(legend, HEAD + PANEL_HEIGHT * Math.max(1, panels.size())));
        canvas.text(new Point(LEFT, 30), 19, "start", INK, "Throughput against latency, three replicas");
        canvas.text(new Point(LEFT, 51), 12, "start", FAINT, subtitle());
        int top = HEAD;
        for (String title : panels) {
            List<Report> panel =
                    drawn.stream().filter(report -> panel(report).equals(title)).toList();
            drawPanel(canvas, top, title, panel);
            top += PANEL_HEIGHT;
        }
        new PlotLegend(palette, settings, LEAST_LATENCY, MOST_THROUGHPUT).draw(canvas, RIGHT + 26, HEAD + PANEL_TOP);
        return canvas.end();
    }

    private String subtitle() {
        String machine = drawn.isEmpty() ? "nothing was measured" : drawn.get(0).machine();
        List<String> faulty = leftOut.stream()
                .map(report -> report.subject().label() + " (" + setting(report) + ")")
                .toList();
        return faulty.isEmpty() ? machine : machine + "; left out for their faults: " + String.join(", ", faulty);
    }

    private void drawPanel(SvgCanvas canvas, int top, String title, List<Report> panel) {
        List<Double> throughputs =
                panel.stream().map(report -> report.figures().opsPerSecond()).toList();
        List<Double> latencies = new ArrayList<>();
        for (Report report : panel) {
            latencies.add(Math.max(1, report.figures().p50Micros()));
            if (!report.subject().isFloor()) {
                latencies.add(Math.max(1, report.figures().p99Micros()));
            }
        }
        LogScale x = new LogScale(throughputs, LEFT, RIGHT);
        LogScale y = new LogScale(latencies, top + PANEL_BOTTOM, top + PANEL_TOP);
        canvas.text(new Point(LEFT, top + 22.0), 15, "start", INK, title);
        drawAxes(canvas, top, x, y);
        drawBounds(canvas, top, x, y, panel);
        for (Subject subject : palette.subjects()) {
            List<Report> points = panel.stream()
                    .filter(report -> report.subject().equals(subject))
                    .toList();
            drawSeries(canvas, x, y, points, palette.p50(subject), false);
            if (!subject.isFloor()) {
                drawSeries(canvas, x, y, points, palette.p99(subject), true);
            }
        }
    }

    private static void drawAxes(SvgCanvas canvas, int top, LogScale x, LogScale y) {
        double high = top + PANEL_TOP;
        double low = top + PANEL_BOTTOM;
        for (double tick : x.ticks()) {
            canvas.line(new Point(x.at(tick), high), new Point(x.at(tick), low), GRID);
            canvas.text(new Point(x.at(tick), low + 18), 12, "middle", INK, x.label(tick, LatencyPlot::count));
        }
        for (double tick : y.ticks()) {
            canvas.line(new Point(LEFT, y.at(tick)), new Point(RIGHT, y.at(tick)), GRID);
            canvas.text(new Point(LEFT - 8, y.at(tick) + 4), 12, "end", INK, y.label(tick, LatencyPlot::time));
        }
        canvas.line(new Point(LEFT, low), new Point(RIGHT, low), FRAME);
        canvas.line(new Point(LEFT, high), new Point(LEFT, low), FRAME);
        canvas.text(new Point((LEFT + RIGHT) / 2.0, low + 40), 13, "middle", INK, "throughput, operations per second");
        canvas.upright(new Point(22, (high + low) / 2), 13, INK, "latency of an operation");
    }

    /** Draws the latency that no commit with one in flight can be below, and the throughput that none can exceed. */
    private static void drawBounds(SvgCanvas canvas, int top, LogScale x, LogScale y, List<Report> panel) {
        double least = 0;
        double most = 0;
        for (Report report : panel) {
            boolean stores = report.subject().equals(Floors.THREE_STORES);
            if (report.inFlight() == 1 && (stores || report.subject().equals(Floors.ROUND_TRIP))) {
                least += report.figures().p50Micros();
            }
            if (stores) {
                most = Math.max(most, report.figures().opsPerSecond());
            }
        }
        if (most > 0) {
            canvas.line(
                    new Point(x.at(most), top + PANEL_TOP), new Point(x.at(most), top + PANEL_BOTTOM), MOST_THROUGHPUT);
        }
        if (least > 0 && y.at(least) > top + PANEL_TOP) {
            canvas.line(new Point(LEFT, y.at(least)), new Point(RIGHT, y.at(least)), LEAST_LATENCY);
        }
    }

    private void drawSeries(
            SvgCanvas canvas, LogScale x, LogScale y, List<Report> points, Stroke stroke, boolean tail) {
        List<Point> path = new ArrayList<>();
        for (Report report : points) {
            double micros =
                    tail ? report.figures().p99Micros() : report.figures().p50Micros();
            path.add(new Point(x.at(report.figures().opsPerSecond()), y.at(Math.max(1, micros))));
        }
        canvas.path(path, stroke);
        for (int i = 0; i < path.size(); i++) {
            Report report = points.get(i);
            canvas.mark(
                    path.get(i),
                    Shape.of(settings.indexOf(setting(report))),
                    stroke.color(),
                    !tail && !report.subject().isFloor(),
                    report.subject().label() + ", " + setting(report) + ": " + report.summary());
        }
    }

    /** Returns the title of the panel of a report. */
    private static String panel(Report report) {
        String operation = report.operation().isEmpty() ? "commands" : report.operation();
        return String.format(Locale.ROOT, "%s, %,d bytes", operation, report.payloadBytes());
    }

    private static String setting(Report report) {
        return report.openLoad() == null
                ? String.format(Locale.ROOT, "%,d in flight", report.inFlight())
                : String.format(Locale.ROOT, "%,.0f/s due", report.offeredPerSecond());
    }

    private static String count(double value) {
        if (value >= 1e6) {
            return String.format(Locale.ROOT, "%.0fM", value / 1e6);
        }
        return String.format(Locale.ROOT, value >= 1e3 ? "%.0fk" : "%.0f", value >= 1e3 ? value / 1e3 : value);
    }

    private static String time(double micros) {
        if (micros >= 1e6) {
            return String.format(Locale.ROOT, "%.0f s", micros / 1e6);
        }
        return micros >= 1e3
                ? String.format(Locale.ROOT, "%.0f ms", micros / 1e3)
                : String.format(Locale.ROOT, "%.0f µs", micros);
    }
}
