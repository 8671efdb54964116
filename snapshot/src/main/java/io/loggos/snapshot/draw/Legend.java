package io.loggos.snapshot.draw;

import io.loggos.snapshot.draw.Canvas.Box;
import io.loggos.snapshot.draw.Canvas.Point;
import io.loggos.snapshot.draw.Canvas.Stroke;
import java.util.List;
import java.util.function.Consumer;

/** Explanation below the picture, in lines as wide as the picture. */
final class Legend {
    private static final double SAMPLE = 34;
    private static final double BETWEEN = 26;
    private static final double LINE = 21;

    private final Canvas canvas;
    private final double left;
    private final double width;
    private double x;
    private double y;

    Legend(Canvas canvas, double left, double width) {
        this.canvas = canvas;
        this.left = left;
        this.width = width;
    }

    /** Draws it from here on, with the explanations of numbered labels; returns where it ends. */
    double draw(double top, boolean withWaits, List<String> notes) {
        x = left;
        y = top;
        item("recorded state", at -> canvas.box(new Box(at.x() + 11, at.y() - 6, 12, 12), 2, Look.CUT, Look.NONE));
        arrow("marker", Look.MARKER);
        for (Crossing.Kind kind : Crossing.Kind.values()) {
            arrow(kind.meaning, kind.stroke);
        }
        if (withWaits) {
            arrow("deadlock: waits for what the other holds", Look.WAIT);
        }
        if (!notes.isEmpty()) {
            x = left;
            y += LINE + 4;
        }
        for (int i = 0; i < notes.size(); i++) {
            String number = Integer.toString(i + 1);
            item(notes.get(i), at -> canvas.text(new Point(at.x() + 10, at.y() + 4), Look.NUMBER, number));
        }
        return y;
    }

    private void arrow(String meaning, Stroke stroke) {
        item(meaning, at -> canvas.arrow(at, new Point(at.x() + SAMPLE, at.y()), stroke));
    }

    private void item(String text, Consumer<Point> sample) {
        double wide = SAMPLE + 8 + Canvas.width(text, Look.SMALL_SIZE);
        if (x > left && x + wide > left + width) {
            x = left;
            y += LINE;
        }
        sample.accept(new Point(x, y));
        canvas.text(new Point(x + SAMPLE + 8, y + 4), Look.SMALL, text);
        x += wide + BETWEEN;
    }
}
