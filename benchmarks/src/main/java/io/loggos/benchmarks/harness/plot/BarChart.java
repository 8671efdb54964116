package io.loggos.benchmarks.harness.plot;

import io.loggos.benchmarks.harness.plot.SvgCanvas.Point;
import io.loggos.benchmarks.harness.plot.SvgCanvas.Stroke;
import io.loggos.benchmarks.harness.report.Subject;
import java.util.List;
import java.util.Locale;

/**
 * One figure of many subjects at many settings, as an SVG document. Each setting has a group of bars, on a linear
 * scale.
 */
public final class BarChart {
    private static final int WIDTH = 1150;
    private static final int HEAD = 56;
    private static final int GROUP_HEAD = 26;
    private static final int ROW = 22;
    private static final int LEFT = 190;
    private static final int LONGEST = 800;
    private static final String INK = "#222222";

    /** One bar: the subject, its setting, and its figure. */
    public record Bar(String setting, Subject subject, double value) {}

    private final String title;
    private final List<Bar> bars;
    private final Palette palette;

    public BarChart(String title, List<Bar> bars) {
        this.title = title;
        this.bars = List.copyOf(bars);
        this.palette = new Palette(bars.stream().map(Bar::subject).toList());
    }

    /** Returns the document. */
    public String toSvg() {
        List<String> settings = bars.stream().map(Bar::setting).distinct().toList();
        SvgCanvas canvas = new SvgCanvas(WIDTH, HEAD + ROW * bars.size() + GROUP_HEAD * settings.size() + ROW);
        canvas.text(new Point(20, 32), 19, "start", INK, title);
        double most = bars.stream().mapToDouble(Bar::value).max().orElse(1);
        double y = HEAD;
        for (String setting : settings) {
            canvas.text(new Point(20, y + 14), 13, "start", INK, setting);
            y += GROUP_HEAD;
            for (Bar bar : bars) {
                if (bar.setting().equals(setting)) {
                    draw(canvas, bar, LONGEST * bar.value() / most, y + ROW / 2.0);
                    y += ROW;
                }
            }
        }
        return canvas.end();
    }

    private void draw(SvgCanvas canvas, Bar bar, double length, double middle) {
        String color = palette.p50(bar.subject()).color();
        canvas.text(
                new Point(LEFT - 8, middle + 4), 12, "end", INK, bar.subject().label());
        canvas.line(new Point(LEFT, middle), new Point(LEFT + length, middle), Stroke.solid(color, ROW - 8));
        canvas.text(
                new Point(LEFT + length + 8, middle + 4),
                12,
                "start",
                INK,
                String.format(Locale.ROOT, "%,.0f", bar.value()));
    }
}
