package io.loggos.benchmarks.harness.plot;

import java.util.List;
import java.util.Locale;

/** Writer of an SVG document, one element in a line. */
final class SvgCanvas {
    /** Style of a line. */
    record Stroke(String color, double width, String dashes) {
        static Stroke solid(String color, double width) {
            return new Stroke(color, width, "");
        }

        private String attributes() {
            return String.format(Locale.ROOT, "stroke=\"%s\" stroke-width=\"%.1f\"", color, width)
                    + (dashes.isEmpty() ? "" : " stroke-dasharray=\"" + dashes + "\"");
        }
    }

    /** Point, in pixels from the left and from the top. */
    record Point(double x, double y) {}

    /** Marks of the settings, in this order. */
    enum Shape {
        CIRCLE,
        SQUARE,
        DIAMOND,
        TRIANGLE,
        HEXAGON;

        static Shape of(int position) {
            return values()[position % values().length];
        }

        private double[][] corners() {
            return switch (this) {
                case CIRCLE -> new double[0][];
                case SQUARE -> new double[][] {{-1, -1}, {1, -1}, {1, 1}, {-1, 1}};
                case DIAMOND -> new double[][] {{0, -1.4}, {1.4, 0}, {0, 1.4}, {-1.4, 0}};
                case TRIANGLE -> new double[][] {{0, -1.3}, {1.25, 1}, {-1.25, 1}};
                case HEXAGON ->
                    new double[][] {{-1.2, 0}, {-0.6, -1.1}, {0.6, -1.1}, {1.2, 0}, {0.6, 1.1}, {-0.6, 1.1}};
            };
        }
    }

    private static final double MARK = 4.2;

    private final StringBuilder svg = new StringBuilder();

    SvgCanvas(int width, int height) {
        svg.append(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\""
                        + " font-family=\"Helvetica, Arial, 'DejaVu Sans', sans-serif\">%n",
                width,
                height,
                width,
                height));
        svg.append("<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n");
    }

    void line(Point from, Point to, Stroke stroke) {
        svg.append(String.format(
                Locale.ROOT,
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" %s/>%n",
                from.x(),
                from.y(),
                to.x(),
                to.y(),
                stroke.attributes()));
    }

    void path(List<Point> points, Stroke stroke) {
        if (points.size() < 2) {
            return;
        }
        svg.append("<polyline fill=\"none\" stroke-linejoin=\"round\" points=\"");
        points.forEach(point -> svg.append(String.format(Locale.ROOT, "%.1f,%.1f ", point.x(), point.y())));
        svg.append("\" ").append(stroke.attributes()).append("/>\n");
    }

    /** Draws a mark, filled or hollow, with a hint that is shown when a reader points at it. */
    void mark(Point at, Shape shape, String color, boolean filled, String hint) {
        String look = String.format(
                Locale.ROOT, "fill=\"%s\" stroke=\"%s\" stroke-width=\"1.6\"", filled ? color : "#ffffff", color);
        if (shape == Shape.CIRCLE) {
            svg.append(String.format(
                    Locale.ROOT, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\" %s>", at.x(), at.y(), MARK, look));
        } else {
            svg.append("<polygon points=\"");
            for (double[] corner : shape.corners()) {
                svg.append(
                        String.format(Locale.ROOT, "%.1f,%.1f ", at.x() + MARK * corner[0], at.y() + MARK * corner[1]));
            }
            svg.append("\" ").append(look).append('>');
        }
        svg.append("<title>").append(escaped(hint)).append("</title>");
        svg.append(shape == Shape.CIRCLE ? "</circle>\n" : "</polygon>\n");
    }

    /** Draws a text; its anchor is {@code start}, {@code middle} or {@code end}. */
    void text(Point at, int size, String anchor, String color, String text) {
        svg.append(String.format(
                Locale.ROOT,
                "<text x=\"%.1f\" y=\"%.1f\" font-size=\"%d\" text-anchor=\"%s\" fill=\"%s\">%s</text>%n",
                at.x(),
                at.y(),
                size,
                anchor,
                color,
                escaped(text)));
    }

    /** Draws a text that is read from below, with its middle at this point. */
    void upright(Point at, int size, String color, String text) {
        svg.append(String.format(
                Locale.ROOT,
                "<text transform=\"translate(%.1f %.1f) rotate(-90)\" font-size=\"%d\" text-anchor=\"middle\""
                        + " fill=\"%s\">%s</text>%n",
                at.x(),
                at.y(),
                size,
                color,
                escaped(text)));
    }

    /** Returns the document. */
    String end() {
        return svg + "</svg>\n";
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replaceAll("\\p{Cntrl}", " ");
    }
}
