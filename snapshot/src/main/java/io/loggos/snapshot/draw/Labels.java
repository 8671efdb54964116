package io.loggos.snapshot.draw;

import io.loggos.snapshot.draw.Canvas.Box;
import io.loggos.snapshot.draw.Canvas.Font;
import io.loggos.snapshot.draw.Canvas.Point;
import io.loggos.snapshot.draw.Canvas.Stroke;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleFunction;

/** Writes labels on arrows where there is room; a label without room becomes a number, explained below the picture. */
final class Labels {
    /** Places of a label on the arrow, in the order of preference: the middle first. */
    private static final double[] PLACES = {
        0.5, 0.45, 0.55, 0.4, 0.6, 0.35, 0.65, 0.3, 0.7, 0.25, 0.75, 0.2, 0.8, 0.15, 0.85
    };

    private static final double HEIGHT = 16;
    private static final double PADDING = 8;

    private final Canvas canvas;
    private final List<Box> taken = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    Labels(Canvas canvas) {
        this.canvas = canvas;
    }

    /** Keeps a rectangle free of labels. */
    void keepFree(Box box) {
        taken.add(box);
    }

    /** Explanations of the numbers, from 1. */
    List<String> notes() {
        return notes;
    }

    /**
     * Writes a text on an arrow; the note is the explanation if only a number fits.
     *
     * @param way the place on the arrow, from 0 (where it begins) to 1
     */
    void write(String text, String note, DoubleFunction<Point> way, String color) {
        Optional<Point> room = room(Canvas.width(text, Look.SMALL_SIZE) + PADDING, way);
        if (room.isPresent()) {
            put(text, room.get(), color, Look.PAPER, color);
            return;
        }
        notes.add(note);
        Point at = room(HEIGHT + 2, way).orElse(way.apply(0.5));
        put(Integer.toString(notes.size()), at, color, color, Look.PAPER);
    }

    private Optional<Point> room(double width, DoubleFunction<Point> way) {
        for (double place : PLACES) {
            Box box = box(way.apply(place), width);
            if (taken.stream().noneMatch(box::overlaps)) {
                return Optional.of(way.apply(place));
            }
        }
        return Optional.empty();
    }

    private static Box box(Point middle, double width) {
        return new Box(middle.x() - width / 2, middle.y() - HEIGHT / 2, width, HEIGHT);
    }

    private void put(String text, Point middle, String border, String fill, String ink) {
        Box box = box(middle, Math.max(HEIGHT, Canvas.width(text, Look.SMALL_SIZE) + PADDING));
        taken.add(box);
        canvas.box(box, HEIGHT / 2, fill, new Stroke(border, 0.8, ""));
        canvas.text(
                new Point(middle.x(), middle.y() + 4),
                new Font(Look.SMALL_SIZE, "middle", ink, fill.equals(border)),
                text);
    }
}
