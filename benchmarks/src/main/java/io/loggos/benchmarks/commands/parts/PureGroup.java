package io.loggos.benchmarks.commands.parts;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.group.GroupId;
import io.loggos.api.group.GroupOptions;
import io.loggos.api.group.Ordering;
import io.loggos.api.node.TimingOptions;
import io.loggos.multicast.group.core.model.GroupMessage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Members of a group on the caller's thread. They hand each other their messages without encoding them. */
final class PureGroup {
    private static final GroupId GROUP = GroupId.ofName("parts");
    private static final TimingOptions TIMING = TimingOptions.defaults();
    private static final int MOST_TICKS = 1_000;

    private record Sent(NodeId from, NodeId to, GroupMessage message) {}

    private final Ordering ordering;
    private final List<PureMember> members = new ArrayList<>();
    private final ArrayDeque<Sent> underWay = new ArrayDeque<>();
    private long now = 1_000_000_000L;

    /** Opens a group and lets its members find each other. */
    PureGroup(int size, Ordering ordering) {
        this.ordering = ordering;
        TreeSet<NodeId> nodes = new TreeSet<>();
        for (int number = 1; number <= size; number++) {
            nodes.add(NodeId.of(number));
        }
        for (NodeId node : nodes) {
            members.add(new PureMember(
                    node,
                    nodes,
                    GROUP,
                    TIMING,
                    GroupOptions.of(ordering),
                    (to, group, message) -> underWay.add(new Sent(node, to, message))));
        }
        members.forEach(member -> member.open(now));
        for (int tick = 0; members.stream().anyMatch(member -> member.viewSize() < size); tick++) {
            if (tick == MOST_TICKS) {
                throw new IllegalStateException("the members do not find each other");
            }
            now += TIMING.heartbeatInterval().toNanos();
            settle();
        }
    }

    /** Lets each member send as many messages at once, until all members are delivered all of them. */
    void multicast(Bytes message, int times) {
        for (PureMember member : members) {
            member.submit(message, ordering, times);
        }
        settle();
    }

    /** Returns the number of messages that all members together were delivered. */
    long delivered() {
        return members.stream().mapToLong(PureMember::delivered).sum();
    }

    private void settle() {
        do {
            for (Sent sent = underWay.poll(); sent != null; sent = underWay.poll()) {
                members.get(sent.to.value() - 1).onMessage(sent.from, sent.message, now);
            }
            for (PureMember member : members) {
                member.endTurn(now);
            }
        } while (!underWay.isEmpty());
    }
}
