package io.loggos.benchmarks.harness.plot;

import io.loggos.benchmarks.harness.plot.SvgCanvas.Point;
import io.loggos.benchmarks.harness.plot.SvgCanvas.Shape;
import io.loggos.benchmarks.harness.plot.SvgCanvas.Stroke;
import io.loggos.benchmarks.harness.report.Floors;
import io.loggos.benchmarks.harness.report.Subject;
import java.util.List;

/** Legend of a plot: its lines and marks, in a column. */
final class PlotLegend {
    private static final int LINE = 21;
    private static final int GAP = 14;
    private static final int SAMPLE = 46;
    private static final int SIZE = 12;
    private static final String INK = "#222222";
    private static final String FAINT = "#666666";

    private final Palette palette;
    private final List<String> settings;
    private final Stroke leastLatency;
    private final Stroke mostThroughput;
    private double x;
    private double y;

    PlotLegend(Palette palette, List<String> settings, Stroke leastLatency, Stroke mostThroughput) {
        this.palette = palette;
        this.settings = settings;
        this.leastLatency = leastLatency;
        this.mostThroughput = mostThroughput;
    }

    /** Returns the largest height of the legend. */
    static int height(Palette palette, List<String> settings) {
        int lines = 4 + palette.systems().size() + palette.floors().size() + settings.size() + 6;
        return lines * LINE + 4 * GAP;
    }

    /** Draws the legend with its upper left corner there. */
    void draw(SvgCanvas canvas, double left, double top) {
        x = left;
        y = top;
        head(canvas, "systems");
        for (Subject system : palette.systems()) {
            sample(canvas, palette.p50(system), system.label());
        }
        y += GAP;
        head(canvas, "percentiles");
        percentile(canvas, "p50 (median)", "", true);
        percentile(canvas, "p99", "6 4", false);
        y += GAP;
        head(canvas, "marks");
        for (int i = 0; i < settings.size(); i++) {
            canvas.mark(new Point(x + SAMPLE / 2.0, y - 4), Shape.of(i), FAINT, true, settings.get(i));
            label(canvas, settings.get(i));
        }
        if (palette.floors().isEmpty()) {
            return;
        }
        y += GAP;
        head(canvas, "floors (p50, hollow)");
        for (Subject floor : palette.floors()) {
            Stroke stroke = palette.p50(floor);
            canvas.mark(new Point(x + SAMPLE / 2.0, y - 4), Shape.CIRCLE, stroke.color(), false, floor.label());
            sample(canvas, stroke, floor.label());
        }
        if (palette.floors().contains(Floors.THREE_STORES)) {
            sample(canvas, leastLatency, "three stores + round trip, 1 in flight");
            sample(canvas, mostThroughput, "most that three stores write");
        }
    }

    private void head(SvgCanvas canvas, String text) {
        canvas.text(new Point(x, y), SIZE, "start", FAINT, text);
        y += LINE;
    }

    private void percentile(SvgCanvas canvas, String text, String dashes, boolean filled) {
        canvas.line(new Point(x, y - 4), new Point(x + SAMPLE, y - 4), new Stroke(FAINT, 1.9, dashes));
        canvas.mark(new Point(x + SAMPLE / 2.0, y - 4), Shape.CIRCLE, FAINT, filled, text);
        label(canvas, text);
    }

    private void sample(SvgCanvas canvas, Stroke stroke, String text) {
        canvas.line(new Point(x, y - 4), new Point(x + SAMPLE, y - 4), stroke);
        label(canvas, text);
    }

    private void label(SvgCanvas canvas, String text) {
        canvas.text(new Point(x + SAMPLE + 8, y), SIZE, "start", INK, text);
        y += LINE;
    }
}
