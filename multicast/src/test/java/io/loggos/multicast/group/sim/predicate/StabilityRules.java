package io.loggos.multicast.group.sim.predicate;

import io.loggos.api.NodeId;
import io.loggos.api.group.ViewId;
import io.loggos.multicast.group.core.model.GroupView;
import io.loggos.multicast.group.core.model.Member;
import io.loggos.testkit.Violation;
import java.util.TreeMap;

/**
 * VS12: every member has been handed what a sender calls stable. The messages of one sender that an application has not taken
 * are within that sender's window.
 */
public final class StabilityRules {
    private record Stream(NodeId at, ViewId view, int origin) implements Comparable<Stream> {
        @Override
        public int compareTo(Stream other) {
            int byView = view.compareTo(other.view);
            int byNode = byView != 0 ? byView : at.compareTo(other.at);
            return byNode != 0 ? byNode : Integer.compare(origin, other.origin);
        }
    }

    /** Bound on what may wait for a newcomer, as a multiple of that for other members. */
    private static final long CATCH_UP_TIMES = 3;

    private final long windowBytes;
    private final long allBytes;
    private final TreeMap<Stream, Long> received = new TreeMap<>();

    /**
     * @param windowBytes the window of a sender and what may exceed it, one packet
     * @param allBytes the most that may wait for one application, from all senders and over all views
     */
    StabilityRules(long windowBytes, long allBytes) {
        this.windowBytes = windowBytes;
        this.allBytes = allBytes;
    }

    /** A packet has been handed to the protocol at a node. */
    public void received(NodeId at, ViewId view, int origin, long number) {
        received.merge(new Stream(at, view, origin), number, Math::max);
    }

    /** A sender says that everybody has its packets up to here. */
    public void stable(Life sender, GroupView view, long number) {
        int origin = view.rank(sender.node());
        for (Member member : view.members()) {
            long has = received.getOrDefault(new Stream(member.node(), view.id(), origin), 0L);
            Violation.unless(
                    has >= number || member.node().equals(sender.node()),
                    "VS12",
                    () -> sender + " calls " + number + " stable in " + view + ", " + member + " has " + has);
        }
    }

    /**
     * Bytes wait for an application, from all senders and over all views.
     *
     * @param catchingUp whether it waits for the state, or for much that came meanwhile
     */
    public void waiting(Life life, long bytes, boolean catchingUp) {
        long most = catchingUp ? CATCH_UP_TIMES * allBytes : allBytes;
        Violation.unless(bytes <= most, "queue", () -> bytes + " bytes wait at " + life + ", the limit is " + most);
    }

    /** Bytes of one sender wait for an application. */
    public void waiting(Life life, NodeId sender, long bytes) {
        Violation.unless(
                bytes <= windowBytes,
                "window",
                () -> bytes + " bytes of " + sender + " wait at " + life + ", the limit is " + windowBytes);
    }
}
