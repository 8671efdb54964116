package io.loggos.snapshot.draw;

import io.loggos.api.NodeId;
import io.loggos.snapshot.detect.Cycle;
import io.loggos.snapshot.detect.Cycle.Wait;
import io.loggos.snapshot.draw.Canvas.Box;
import io.loggos.snapshot.draw.Canvas.Font;
import io.loggos.snapshot.draw.Canvas.Point;
import io.loggos.snapshot.draw.Canvas.Stroke;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Draws a cycle of waits beside the lines: each process on the line of its node, each wait an arrow. */
final class Waits {
    private static final double PILL_HEIGHT = 24;
    private static final double BETWEEN = 90;
    private static final double MARGIN = 150;
    private static final double LABEL = 260;

    /** A bent arrow. */
    private record Bow(Point start, Point by, Point end) {}

    private final Cycle<?, ?> cycle;
    private final Map<Object, String> names = new LinkedHashMap<>();
    private final Map<Object, Double> offsets = new HashMap<>();
    private final double widest;
    private final double width;

    Waits(Cycle<?, ?> cycle) {
        this.cycle = cycle;
        Map<NodeId, Double> used = new HashMap<>();
        for (Wait<?, ?> wait : cycle.waits()) {
            String name = Canvas.fitted(String.valueOf(wait.process()), Look.TEXT_SIZE, LABEL);
            names.put(wait.process(), name);
            double offset = used.getOrDefault(wait.node(), 0.0);
            offsets.put(wait.process(), offset);
            used.put(wait.node(), offset + pillWidth(name) + BETWEEN);
        }
        widest = names.values().stream().mapToDouble(Waits::pillWidth).max().orElse(0);
        double most = used.values().stream().mapToDouble(each -> each).max().orElse(0);
        width = 2 * MARGIN + most - BETWEEN;
    }

    private static double pillWidth(String name) {
        return Canvas.width(name, Look.TEXT_SIZE) + 22;
    }

    double width() {
        return width;
    }

    /** Draws it from here to the right, each node's line at this height. */
    void draw(Canvas canvas, Labels labels, Point corner, ToDoubleFunction<NodeId> line) {
        Map<Object, Box> pills = new LinkedHashMap<>();
        for (Wait<?, ?> wait : cycle.waits()) {
            double x = corner.x() + MARGIN + offsets.getOrDefault(wait.process(), 0.0);
            double y = line.applyAsDouble(wait.node());
            double wide = pillWidth(names.getOrDefault(wait.process(), ""));
            pills.put(wait.process(), new Box(x, y - PILL_HEIGHT / 2, wide, PILL_HEIGHT));
        }
        pills.values().forEach(labels::keepFree);
        canvas.begin("deadlock", "", cycle.toString());
        Font font = new Font(Look.TEXT_SIZE, "middle", Look.DEADLOCK, true);
        canvas.text(new Point(corner.x() + width / 2, corner.y() - 8), font, "deadlock");
        Map<Wait<?, ?>, Bow> bows = new LinkedHashMap<>();
        for (Wait<?, ?> wait : cycle.waits()) {
            Box from = pills.get(wait.process());
            Box to = pills.get(wait.holder());
            if (from != null && to != null) {
                bows.put(wait, bow(from, to));
            }
        }
        bows.forEach((wait, bow) -> {
            canvas.begin("wait", "", wait.toString());
            canvas.bentArrow(bow.start, bow.by, bow.end, Look.WAIT);
            canvas.end();
        });
        pills.forEach((process, pill) -> {
            canvas.box(pill, PILL_HEIGHT / 2, Look.PAPER, new Stroke(Look.DEADLOCK, 2, ""));
            canvas.text(
                    new Point(pill.x() + pill.width() / 2, pill.y() + PILL_HEIGHT / 2 + 4),
                    font,
                    names.getOrDefault(process, ""));
        });
        bows.forEach((wait, bow) -> labels.write(
                Canvas.fitted("waits for " + wait.resource() + onItsWay(wait), Look.SMALL_SIZE, LABEL),
                wait.toString(),
                share -> Canvas.onCurve(bow.start, bow.by, bow.end, share),
                Look.DEADLOCK));
        canvas.end();
    }

    /** Bends arrows: down on the left, up on the right; along a line to the right above it, to the left below it. */
    private Bow bow(Box from, Box to) {
        if (from.y() == to.y()) {
            double side = to.x() > from.x() ? -1 : 1;
            Point start = new Point(from.middle().x() - side * 12, from.middle().y() + side * PILL_HEIGHT / 2);
            Point end = new Point(to.middle().x() + side * 12, to.middle().y() + side * PILL_HEIGHT / 2);
            return new Bow(start, new Point((start.x() + end.x()) / 2, start.y() + side * 46), end);
        }
        double side = to.y() > from.y() ? -1 : 1;
        Point start = new Point(from.middle().x() + side * 14, from.middle().y() - side * PILL_HEIGHT / 2);
        Point end = new Point(to.middle().x() + side * 14, to.middle().y() + side * PILL_HEIGHT / 2);
        // The arrow goes aside by half of this, past any process between the two.
        double aside = side * widest;
        return new Bow(start, new Point((start.x() + end.x()) / 2 + aside, (start.y() + end.y()) / 2), end);
    }

    private static String onItsWay(Wait<?, ?> wait) {
        return (wait.request().isPresent() ? ", request on its way" : "")
                + (wait.grant().isPresent() ? ", grant on its way" : "");
    }
}
