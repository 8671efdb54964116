package io.loggos.snapshot.draw;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.snapshot.GlobalSnapshot;
import io.loggos.api.snapshot.cut.InFlight;
import io.loggos.api.snapshot.cut.LinkCut;
import io.loggos.api.snapshot.cut.NodeCut;
import io.loggos.snapshot.draw.Canvas.Stroke;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Messages of one kind from one node to another that were in flight across the cut, counted together.
 *
 * @param label what they are, how many, and how large
 */
record Crossing(NodeId from, NodeId to, Kind kind, String label) {
    /** Kind of messages. */
    enum Kind {
        LOGS("logs", "messages of logs", new Stroke("#0072b2", 2, "")),
        APPLICATION("application", "messages of the application", new Stroke("#009e73", 2.4, "")),
        OTHER("other", "other traffic of the links", new Stroke("#8c8c8c", 1.4, ""));

        final String name;
        final String meaning;
        final Stroke stroke;

        Kind(String name, String meaning, Stroke stroke) {
            this.name = name;
            this.meaning = meaning;
            this.stroke = stroke;
        }
    }

    /** The first byte of the messages of logs on a link. */
    private static final byte LOG = 1;

    /** Returns all crossings of a cut: by receiver, then sender, then kind. */
    static List<Crossing> of(GlobalSnapshot cut) {
        List<Crossing> all = new ArrayList<>();
        for (NodeCut receiver : cut.nodes().values()) {
            SortedMap<NodeId, List<InFlight<Bytes>>> sent = new TreeMap<>();
            SortedMap<NodeId, List<String>> groups = new TreeMap<>();
            groupsOf(cut)
                    .forEach(group -> cut.inFlight(group).stream()
                            .filter(each -> each.to().equals(receiver.node()))
                            .forEach(each -> {
                                sent.computeIfAbsent(each.from(), from -> new ArrayList<>())
                                        .add(each);
                                groups.computeIfAbsent(each.from(), from -> new ArrayList<>())
                                        .add(group);
                            }));
            for (LinkCut link : receiver.links().values()) {
                addLink(link, all);
            }
            sent.forEach((from, messages) -> all.add(new Crossing(
                    from,
                    receiver.node(),
                    Kind.APPLICATION,
                    String.join(
                                    ", ",
                                    groups.getOrDefault(from, List.of()).stream()
                                            .distinct()
                                            .toList()) + ": "
                            + counted(messages.stream().map(InFlight::message).toList()))));
        }
        return all;
    }

    private static List<String> groupsOf(GlobalSnapshot cut) {
        return cut.nodes().values().stream()
                .flatMap(node -> node.groups().stream())
                .map(group -> group.group())
                .distinct()
                .sorted()
                .toList();
    }

    private static void addLink(LinkCut link, List<Crossing> all) {
        NodeId from = link.channel().from();
        NodeId to = link.channel().to();
        Predicate<Bytes> ofLogs = message -> !message.isEmpty() && message.at(0) == LOG;
        List<Bytes> logs = link.channel().messages().stream().filter(ofLogs).toList();
        List<Bytes> others =
                link.channel().messages().stream().filter(ofLogs.negate()).toList();
        if (!logs.isEmpty()) {
            all.add(new Crossing(from, to, Kind.LOGS, "logs: " + counted(logs)));
        }
        if (!others.isEmpty()) {
            all.add(new Crossing(from, to, Kind.OTHER, "links: " + counted(others)));
        }
    }

    private static String counted(List<Bytes> messages) {
        long bytes = messages.stream().mapToLong(Bytes::size).sum();
        return String.format(
                Locale.ROOT, "%,d message%s, %s", messages.size(), messages.size() == 1 ? "" : "s", size(bytes));
    }

    /** Returns a size in a unit for people. */
    static String size(long bytes) {
        if (bytes < 1_000) {
            return bytes + " B";
        }
        boolean mega = bytes >= 1_000_000;
        double value = bytes / (mega ? 1e6 : 1e3);
        return String.format(Locale.ROOT, value < 10 ? "%.1f %s" : "%,.0f %s", value, mega ? "MB" : "kB");
    }
}
