package io.loggos.snapshot.draw;

import io.loggos.api.NodeId;
import io.loggos.api.snapshot.GlobalSnapshot;
import io.loggos.api.snapshot.cut.NodeCut;
import io.loggos.snapshot.detect.Cycle;
import io.loggos.snapshot.draw.Canvas.Box;
import io.loggos.snapshot.draw.Canvas.Font;
import io.loggos.snapshot.draw.Canvas.Point;
import io.loggos.snapshot.draw.Canvas.Stroke;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Space–time diagram of a cut, as an SVG document.
 *
 * <p>Each node has a line with time to the right, and on it the recorded state. The cut goes through all states.
 * Markers are dashed arrows. Messages in flight across the cut are solid arrows, one for each kind on each channel.
 *
 * <p>A cut has no clock. The places are chosen so that every arrow goes forward. A message leaves before the sender's
 * state. It arrives after the receiver's, and before the marker of its channel. Distances mean nothing.
 */
public final class SpaceTimeDiagram {
    private static final double EDGE = 24;
    private static final double HEAD = 104;
    private static final double CARD = 226;
    private static final double CARD_LINE = 15;
    private static final int CARD_LINES = 4;
    private static final double MARK = 9.5;

    /** Distance from the middle of a mark to the tip of the marker that made it. */
    private static final double REACH = 14;

    private static final double PAD = 46;
    private static final double LABEL = 200;
    private static final double LEAST_WIDTH = 640;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd HH:mm:ss.SSS 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final GlobalSnapshot cut;
    private final List<NodeId> rows;
    private final Timeline timeline;
    private final double rowHeight;
    private final double stretch;
    private final @Nullable Waits waits;

    private SpaceTimeDiagram(GlobalSnapshot cut, @Nullable Waits waits) {
        this.cut = cut;
        this.waits = waits;
        this.rows = List.copyOf(cut.nodes().keySet());
        this.timeline = new Timeline(rows, cut.id().initiator(), Crossing.of(cut));
        int lines = cut.nodes().values().stream()
                .mapToInt(node -> described(node).size())
                .max()
                .orElse(0);
        this.rowHeight = Math.max(86, 40 + CARD_LINE * lines);
        this.stretch = Math.min(2, Math.max(1, LEAST_WIDTH / (timeline.end() - timeline.start())));
    }

    /**
     * Returns the diagram of a cut.
     *
     * @throws IllegalArgumentException if there is no node in it
     */
    public static SpaceTimeDiagram of(GlobalSnapshot cut) {
        if (cut.nodes().isEmpty()) {
            throw new IllegalArgumentException("there is no node in snapshot " + cut.id());
        }
        return new SpaceTimeDiagram(cut, null);
    }

    /**
     * Returns the same diagram with a deadlock, found in the cut, drawn beside it.
     *
     * @throws IllegalArgumentException if one of its processes is on a node that is not in the cut
     */
    public SpaceTimeDiagram withDeadlock(Cycle<?, ?> cycle) {
        cycle.waits().forEach(wait -> {
            if (!cut.nodes().containsKey(wait.node())) {
                throw new IllegalArgumentException(wait.node() + " is not in snapshot " + cut.id());
            }
        });
        return new SpaceTimeDiagram(cut, new Waits(cycle));
    }

    /** Returns the document. */
    public String toSvg() {
        Canvas canvas = new Canvas();
        Labels labels = new Labels(canvas);
        drawPast(canvas);
        rows.forEach(row -> drawLine(canvas, row));
        timeline.markers().forEach(marker -> drawMarker(canvas, marker));
        drawCut(canvas);
        timeline.flights().forEach(flight -> drawFlight(canvas, flight));
        rows.forEach(row -> drawMark(canvas, labels, row));
        timeline.flights().forEach(flight -> label(labels, flight));
        if (waits != null) {
            waits.draw(canvas, labels, new Point(right(), HEAD), this::y);
        }
        double width = right() + (waits == null ? 0 : waits.width()) + EDGE;
        drawTitle(canvas, width);
        double below = new Legend(canvas, EDGE, width - 2 * EDGE).draw(bottom() + 40, waits != null, labels.notes());
        return canvas.document(width, below + EDGE);
    }

    private double x(double time) {
        return EDGE + CARD + PAD + (time - timeline.start()) * stretch;
    }

    private double y(NodeId node) {
        return HEAD + rowHeight * (rows.indexOf(node) + 0.5);
    }

    private double right() {
        return Math.max(x(timeline.end()) + PAD, EDGE + CARD + LEAST_WIDTH);
    }

    private double bottom() {
        return HEAD + rowHeight * rows.size();
    }

    private Point mark(NodeId node) {
        return new Point(x(timeline.mark(node)), y(node));
    }

    private void drawTitle(Canvas canvas, double width) {
        canvas.text(new Point(EDGE, 36), Look.TITLE, "Global snapshot " + cut.id());
        String about = "taken " + TIME.format(cut.takenAt()) + " in cluster " + cut.clusterId() + ", begun by "
                + cut.id().initiator() + ", view " + cut.view().id() + " of "
                + String.join(", ", rows.stream().map(NodeId::toString).toList());
        canvas.text(new Point(EDGE, 58), Look.SMALL, Canvas.fitted(about, Look.SMALL_SIZE, width - 2 * EDGE));
    }

    /** Returns the cut as a path from top to bottom, in curves that avoid the straight arrows of the markers. */
    private String path() {
        Point first = mark(rows.get(0));
        StringBuilder path = new StringBuilder();
        path.append('M').append(new Point(first.x(), HEAD)).append(" L").append(first);
        Point last = first;
        for (NodeId row : rows.subList(1, rows.size())) {
            Point next = mark(row);
            double middle = (last.y() + next.y()) / 2;
            path.append(" C").append(new Point(last.x(), middle)).append(' ').append(new Point(next.x(), middle));
            path.append(' ').append(next);
            last = next;
        }
        return path.append(" L").append(new Point(last.x(), bottom())).toString();
    }

    private void drawPast(Canvas canvas) {
        double left = EDGE + CARD;
        String edge = " L" + new Point(left, bottom()) + " L" + new Point(left, HEAD);
        canvas.area(path() + edge, Look.PAST);
        canvas.text(new Point(left + 8, HEAD - 8), Look.SMALL, "before the cut");
        Font font = new Font(Look.SMALL_SIZE, "end", Look.FAINT, false);
        canvas.text(new Point(right() - 8, HEAD - 8), font, "after the cut");
    }

    private void drawCut(Canvas canvas) {
        canvas.begin("cut", "", "the cut");
        canvas.path(path(), Look.CUT_LINE);
        Font font = new Font(Look.TEXT_SIZE, "middle", Look.CUT, true);
        canvas.text(new Point(mark(rows.get(0)).x(), HEAD - 8), font, "cut");
        canvas.end();
    }

    private void drawLine(Canvas canvas, NodeId node) {
        double y = y(node);
        canvas.begin("node", "data-node=\"" + node.value() + "\"", "");
        canvas.line(new Point(EDGE + CARD, y), new Point(right() - 8, y), Look.LIFE);
        canvas.polygon(
                List.of(new Point(right(), y), new Point(right() - 9, y - 4), new Point(right() - 9, y + 4)),
                Look.LIFE.color());
        NodeCut there = cut.nodes().get(node);
        List<String> lines = there == null ? List.of() : described(there);
        double top = y - (lines.size() + 1) * CARD_LINE / 2 + 11;
        String name = node + (node.equals(cut.id().initiator()) ? ", the initiator" : "");
        canvas.text(new Point(EDGE, top), new Font(14, "start", Look.INK, true), name);
        for (String line : lines) {
            top += CARD_LINE;
            canvas.text(new Point(EDGE, top), Look.SMALL, Canvas.fitted(line, Look.SMALL_SIZE, CARD - 14));
        }
        canvas.end();
    }

    /** Returns a description of a node's record, one line for each part. */
    private static List<String> described(NodeCut node) {
        List<String> parts = new ArrayList<>();
        node.participants().forEach((name, state) -> parts.add(name + ": " + Crossing.size(state.size())));
        node.replicas()
                .forEach(replica -> parts.add(String.format(
                        Locale.ROOT,
                        "log %s at slot %,d",
                        replica.log(),
                        replica.slot().value())));
        node.groups()
                .forEach(group -> parts.add(
                        "group " + group.group() + " in view " + group.view().id()));
        if (parts.size() <= CARD_LINES) {
            return parts;
        }
        List<String> some = new ArrayList<>(parts.subList(0, CARD_LINES - 1));
        some.add("and " + (parts.size() - some.size()) + " more");
        return some;
    }

    private void drawMark(Canvas canvas, Labels labels, NodeId node) {
        Point at = mark(node);
        NodeCut there = cut.nodes().get(node);
        String hint = "the state of " + node + ": " + (there == null ? "" : String.join("; ", described(there)));
        canvas.begin("state", "data-node=\"" + node.value() + "\"", hint);
        String name = "S" + node.value();
        double width = Canvas.width(name, Look.TEXT_SIZE) + 8;
        Box mark = new Box(at.x() - width / 2, at.y() - MARK, width, 2 * MARK);
        canvas.box(mark, 4, Look.CUT, new Stroke(Look.PAPER, 1.5, ""));
        canvas.text(new Point(at.x(), at.y() + 4), Look.ON_MARK, name);
        canvas.end();
        labels.keepFree(mark);
        labels.keepFree(new Box(EDGE, at.y() - 2, right() - EDGE, 4));
    }

    private void drawMarker(Canvas canvas, Timeline.Marker marker) {
        canvas.begin(
                "marker", ends(marker.from(), marker.to()), "the marker from " + marker.from() + " to " + marker.to());
        Point from = mark(marker.from());
        Point to = new Point(x(marker.end()), y(marker.to()));
        boolean first = marker.end() == timeline.mark(marker.to());
        double length = Math.hypot(to.x() - from.x(), to.y() - from.y());
        canvas.arrow(from, first ? from.towards(to, 1 - REACH / length) : to, Look.MARKER);
        canvas.end();
    }

    private void drawFlight(Canvas canvas, Timeline.Flight flight) {
        Crossing crossing = flight.crossing();
        Point from = new Point(x(flight.start()), y(crossing.from()));
        Point to = new Point(x(flight.end()), y(crossing.to()));
        String hint = "from " + crossing.from() + " to " + crossing.to() + ", " + crossing.label();
        canvas.begin("message " + crossing.kind().name, ends(crossing.from(), crossing.to()), hint);
        canvas.bentArrow(from, bend(crossing, from, to), to, crossing.kind().stroke);
        canvas.circle(from, 3, crossing.kind().stroke.color(), Look.NONE);
        canvas.end();
    }

    private void label(Labels labels, Timeline.Flight flight) {
        Crossing crossing = flight.crossing();
        Point from = new Point(x(flight.start()), y(crossing.from()));
        Point to = new Point(x(flight.end()), y(crossing.to()));
        Point bend = bend(crossing, from, to);
        labels.write(
                Canvas.fitted(crossing.label(), Look.SMALL_SIZE, LABEL),
                crossing.from() + " to " + crossing.to() + ", " + crossing.label(),
                share -> Canvas.onCurve(from, bend, to, share),
                crossing.kind().stroke.color());
    }

    /** Bends a message of a node to itself above its line; all others are straight. */
    private Point bend(Crossing crossing, Point from, Point to) {
        Point middle = from.towards(to, 0.5);
        return crossing.from().equals(crossing.to()) ? new Point(middle.x(), middle.y() - rowHeight * 0.8) : middle;
    }

    private static String ends(NodeId from, NodeId to) {
        return "data-from=\"" + from.value() + "\" data-to=\"" + to.value() + "\"";
    }
}
