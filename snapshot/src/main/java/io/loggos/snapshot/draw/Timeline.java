package io.loggos.snapshot.draw;

import io.loggos.api.NodeId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Times of all events, on an artificial clock that puts causes before effects.
 *
 * <p>A marker takes a time that grows with the distance between the lines, and more if messages of its channel come
 * before it. Each node records its state when the first marker comes, as in the algorithm. A marker behind messages
 * cannot have been the first.
 */
final class Timeline {
    /** Messages that leave before the sender's mark and arrive after the receiver's. */
    record Flight(Crossing crossing, double start, double end) {}

    /** A marker that leaves with its sender's mark. */
    record Marker(NodeId from, NodeId to, double end) {}

    /** Distance between two events of a line. */
    private static final double GAP = 30;

    private static final double LEAD = 80;
    private static final double LEAST_DELAY = 46;
    private static final double DELAY_OF_A_ROW = 30;

    private final List<NodeId> rows;
    private final List<Crossing> crossings;
    private final SortedMap<NodeId, Double> marks = new TreeMap<>();
    private final Map<NodeId, NodeId> wokenBy = new LinkedHashMap<>();
    private final List<Flight> flights = new ArrayList<>();
    private final List<Marker> markers = new ArrayList<>();

    /** Computes the times of a cut that this node began; its own mark is at 0. */
    Timeline(List<NodeId> rows, NodeId initiator, List<Crossing> crossings) {
        this.rows = rows;
        this.crossings = crossings;
        placeMarks(rows.contains(initiator) ? initiator : rows.get(0));
        List<Flight> arrivals = new ArrayList<>();
        for (NodeId receiver : rows) {
            placeArrivals(receiver, arrivals);
        }
        for (NodeId sender : rows) {
            placeDepartures(sender, arrivals);
        }
    }

    /** Time at which a node recorded its state. */
    double mark(NodeId node) {
        return marks.getOrDefault(node, 0.0);
    }

    List<Flight> flights() {
        return flights;
    }

    List<Marker> markers() {
        return markers;
    }

    /** Time before the first event, and well before the first mark. */
    double start() {
        return Math.min(
                marks.values().stream().mapToDouble(each -> each).min().orElse(0) - LEAD,
                flights.stream().mapToDouble(Flight::start).min().orElse(0));
    }

    /** Time of the last event. */
    double end() {
        double last = marks.values().stream().mapToDouble(each -> each).max().orElse(0);
        return Math.max(
                Math.max(last, markers.stream().mapToDouble(Marker::end).max().orElse(0)),
                flights.stream().mapToDouble(Flight::end).max().orElse(0));
    }

    /** Places the marks: the first marker comes on the shortest way over channels that were empty. */
    private void placeMarks(NodeId initiator) {
        marks.put(initiator, 0.0);
        while (marks.size() < rows.size()) {
            NodeId next = null;
            NodeId from = null;
            double soonest = Double.MAX_VALUE;
            for (NodeId reached : marks.keySet()) {
                for (NodeId open : rows) {
                    double arrival = mark(reached) + delay(reached, open);
                    if (!marks.containsKey(open) && between(reached, open).isEmpty() && arrival < soonest) {
                        next = open;
                        from = reached;
                        soonest = arrival;
                    }
                }
            }
            record(next, from, initiator);
        }
    }

    /**
     * Places one mark. A node with messages in flight from all nodes that have recorded learned of the snapshot
     * otherwise.
     */
    private void record(@Nullable NodeId next, @Nullable NodeId from, NodeId initiator) {
        if (next != null && from != null) {
            marks.put(next, mark(from) + delay(from, next));
            wokenBy.put(next, from);
        } else {
            rows.stream()
                    .filter(row -> !marks.containsKey(row))
                    .findFirst()
                    .ifPresent(row -> marks.put(row, delay(initiator, row)));
        }
    }

    private double delay(NodeId from, NodeId to) {
        return LEAST_DELAY + DELAY_OF_A_ROW * Math.abs(rows.indexOf(from) - rows.indexOf(to));
    }

    private List<Crossing> between(NodeId from, NodeId to) {
        return crossings.stream()
                .filter(each -> each.from().equals(from) && each.to().equals(to))
                .toList();
    }

    /** Places on each channel the messages, and then the marker. */
    private void placeArrivals(NodeId receiver, List<Flight> arrivals) {
        double last = mark(receiver);
        for (Crossing own : between(receiver, receiver)) {
            last += GAP;
            arrivals.add(new Flight(own, 0, last));
        }
        List<NodeId> senders = rows.stream()
                .filter(row -> !row.equals(receiver))
                .sorted(Comparator.comparingDouble(row -> mark(row) + delay(row, receiver)))
                .toList();
        for (NodeId sender : senders) {
            if (sender.equals(wokenBy.get(receiver))) {
                markers.add(new Marker(sender, receiver, mark(receiver)));
                continue;
            }
            for (Crossing crossing : between(sender, receiver)) {
                last += GAP;
                arrivals.add(new Flight(crossing, 0, last));
            }
            last = Math.max(last + GAP, mark(sender) + delay(sender, receiver));
            markers.add(new Marker(sender, receiver, last));
        }
    }

    /** Places departures in the order of arrival, as late as the mark and the delay allow. */
    private void placeDepartures(NodeId sender, List<Flight> arrivals) {
        double next = mark(sender);
        List<Flight> outgoing = arrivals.stream()
                .filter(each -> each.crossing().from().equals(sender))
                .sorted(Comparator.comparingDouble((Flight each) -> each.end() - delay(each))
                        .reversed())
                .toList();
        for (Flight each : outgoing) {
            next = Math.min(next - GAP, each.end() - delay(each));
            flights.add(new Flight(each.crossing(), next, each.end()));
        }
    }

    private double delay(Flight flight) {
        return delay(flight.crossing().from(), flight.crossing().to());
    }
}
