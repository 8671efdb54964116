package io.loggos.snapshot.draw;

import com.google.errorprone.annotations.Immutable;
import java.util.List;
import java.util.Locale;

/** Writes an SVG document, one element in a line. */
final class Canvas {
    /** A point, in pixels from the left and from the top. */
    record Point(double x, double y) {
        /** Returns the point on the way to another, from 0 (here) to 1 (there). */
        Point towards(Point other, double share) {
            return new Point(x + (other.x - x) * share, y + (other.y - y) * share);
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%.1f,%.1f", x, y);
        }
    }

    /** A rectangle. */
    record Box(double x, double y, double width, double height) {
        Point middle() {
            return new Point(x + width / 2, y + height / 2);
        }

        boolean overlaps(Box other) {
            return x < other.x + other.width
                    && other.x < x + width
                    && y < other.y + other.height
                    && other.y < y + height;
        }
    }

    /** Style of a line. */
    @Immutable
    record Stroke(String color, double width, String dashes) {
        private String attributes() {
            return String.format(Locale.ROOT, "stroke=\"%s\" stroke-width=\"%.1f\"", color, width)
                    + (dashes.isEmpty() ? "" : " stroke-dasharray=\"" + dashes + "\"");
        }
    }

    /** Style of a text; its anchor is {@code start}, {@code middle} or {@code end}. */
    record Font(int size, String anchor, String color, boolean bold) {
        private String attributes() {
            return "font-size=\"" + size + "\" text-anchor=\"" + anchor + "\" fill=\"" + color + "\""
                    + (bold ? " font-weight=\"bold\"" : "");
        }
    }

    private static final double HEAD_LENGTH = 9;
    private static final double HEAD_WIDTH = 3.6;

    private final StringBuilder svg = new StringBuilder();

    /** Largest width of a text in the fonts that are likely. */
    static double width(String text, int size) {
        return text.codePointCount(0, text.length()) * size * 0.6;
    }

    /** Returns a text, shortened if it does not fit. */
    static String fitted(String text, int size, double most) {
        int room = (int) (most / (size * 0.6));
        int length = text.codePointCount(0, text.length());
        return length <= room ? text : text.substring(0, text.offsetByCodePoints(0, Math.max(1, room - 1))) + "…";
    }

    /** Begins a group of elements, with a class, further attributes and a tooltip. */
    void begin(String name, String attributes, String hint) {
        svg.append("<g class=\"").append(name).append('"');
        svg.append(attributes.isEmpty() ? "" : " ").append(attributes).append('>');
        svg.append(hint.isEmpty() ? "" : "<title>" + escaped(hint) + "</title>").append('\n');
    }

    void end() {
        svg.append("</g>\n");
    }

    void line(Point from, Point to, Stroke stroke) {
        path("M" + from + " L" + to, stroke);
    }

    /** Draws a line with a head at its end. */
    void arrow(Point from, Point to, Stroke stroke) {
        double length = Math.hypot(to.x - from.x, to.y - from.y);
        line(from, from.towards(to, Math.max(0, 1 - (HEAD_LENGTH - 1) / length)), stroke);
        head(from, to, stroke.color());
    }

    /** Draws a curve from one point to another that bends towards a third, with a head at its end. */
    void bentArrow(Point from, Point by, Point to, Stroke stroke) {
        double length = Math.hypot(to.x - by.x, to.y - by.y);
        path("M" + from + " Q" + by + " " + by.towards(to, Math.max(0, 1 - (HEAD_LENGTH - 1) / length)), stroke);
        head(by, to, stroke.color());
    }

    private void head(Point from, Point to, String color) {
        double length = Math.hypot(to.x - from.x, to.y - from.y);
        double dx = (to.x - from.x) / length;
        double dy = (to.y - from.y) / length;
        Point base = new Point(to.x - HEAD_LENGTH * dx, to.y - HEAD_LENGTH * dy);
        Point left = new Point(base.x - HEAD_WIDTH * dy, base.y + HEAD_WIDTH * dx);
        Point right = new Point(base.x + HEAD_WIDTH * dy, base.y - HEAD_WIDTH * dx);
        polygon(List.of(to, left, right), color);
    }

    /** Draws a path in the notation of SVG. */
    void path(String path, Stroke stroke) {
        svg.append("<path d=\"")
                .append(path)
                .append("\" fill=\"none\" ")
                .append(stroke.attributes())
                .append("/>\n");
    }

    /** Fills the area that a path encloses. */
    void area(String path, String color) {
        svg.append("<path d=\"")
                .append(path)
                .append(" Z\" fill=\"")
                .append(color)
                .append("\"/>\n");
    }

    /** Returns the point on such a curve, from 0 to 1. */
    static Point onCurve(Point from, Point by, Point to, double share) {
        return from.towards(by, share).towards(by.towards(to, share), share);
    }

    void polygon(List<Point> corners, String color) {
        svg.append("<polygon points=\"");
        corners.forEach(corner -> svg.append(corner).append(' '));
        svg.append("\" fill=\"").append(color).append("\"/>\n");
    }

    void circle(Point at, double radius, String fill, Stroke stroke) {
        svg.append(String.format(
                Locale.ROOT,
                "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\" fill=\"%s\" %s/>%n",
                at.x,
                at.y,
                radius,
                fill,
                stroke.attributes()));
    }

    /** Draws a rectangle with round corners. */
    void box(Box box, double round, String fill, Stroke stroke) {
        svg.append(String.format(
                Locale.ROOT,
                "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"%.1f\" fill=\"%s\" %s/>%n",
                box.x,
                box.y,
                box.width,
                box.height,
                round,
                fill,
                stroke.attributes()));
    }

    void text(Point at, Font font, String text) {
        svg.append(String.format(Locale.ROOT, "<text x=\"%.1f\" y=\"%.1f\" %s>", at.x, at.y, font.attributes()))
                .append(escaped(text))
                .append("</text>\n");
    }

    /** Returns the document. */
    String document(double width, double height) {
        return String.format(
                        Locale.ROOT,
                        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%.0f\" viewBox=\"0 0 %.0f %.0f\""
                                + " font-family=\"Helvetica, Arial, 'DejaVu Sans', sans-serif\">%n"
                                + "<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>%n",
                        width,
                        height,
                        width,
                        height)
                + svg + "</svg>\n";
    }

    /** Escapes a text for XML; a character that XML does not allow becomes a space. */
    static String escaped(String text) {
        StringBuilder safe = new StringBuilder();
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> safe.append("&amp;");
                case '<' -> safe.append("&lt;");
                case '>' -> safe.append("&gt;");
                case '"' -> safe.append("&quot;");
                default -> safe.appendCodePoint(allowed(c) ? c : ' ');
            }
        });
        return safe.toString();
    }

    private static boolean allowed(int c) {
        boolean control = c < 0x20 || (c >= 0x7F && c <= 0x9F);
        boolean halfACharacter = c >= 0xD800 && c <= 0xDFFF;
        return !control && !halfACharacter && c != 0xFFFE && c != 0xFFFF;
    }
}
