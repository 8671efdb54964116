package io.loggos.paxos.runtime.events;

import io.loggos.api.NodeId;
import io.loggos.api.node.NodeEvent;
import io.loggos.api.spi.Roster;
import io.loggos.multicast.Connectivity;
import io.loggos.paxos.core.model.Configuration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Notices changes in the contact with peers, and tells each once. On the loop's thread, except for {@link #reach}.
 *
 * <p>Reasons of failed connections may alternate for ever. So the first one behind a loss of contact is told at once,
 * and later ones at most once a minute.
 */
public final class PeerWatch {
    private static final String LOST = "its connection has ended, or it is silent";
    private static final long AGAIN_NANOS = TimeUnit.MINUTES.toNanos(1);

    private record Failure(String reason, long atNanos) {}

    private final NodeId self;
    private List<NodeId> voters;
    private int needed;
    private final Roster roster;
    private final EventFeed feed;
    /** The last failure to reach a peer since the contact with it was lost. */
    private final Map<NodeId, Failure> failures = new TreeMap<>();

    /** Written by the loop. */
    private volatile SortedSet<NodeId> connected;
    /** The nodes that this one was told to wait for last. */
    private SortedSet<NodeId> awaited = Collections.emptySortedSet();

    private boolean quorum;
    /** Written by the loop. */
    private volatile boolean formed;

    public PeerWatch(NodeId self, List<NodeId> voters, Roster roster, EventFeed feed) {
        this.self = self;
        this.voters = voters;
        this.needed = voters.size() / 2 + 1;
        this.roster = roster;
        this.feed = feed;
        this.connected = new TreeSet<>(List.of(self));
    }

    /** Takes other members. A cluster that has changed them has formed. */
    public void members(Configuration configuration) {
        boolean waits = !formed && configuration.number() > 1;
        voters = configuration.voters();
        needed = voters.size() / 2 + 1;
        if (waits) {
            formed();
        }
    }

    /** This node is no member any more. */
    public void removed(String reason) {
        feed.removed(reason);
    }

    /** Says for whom the node waits, if it does. Before the links start. */
    public void begin() {
        tellUnmet();
        noteQuorum();
    }

    private SortedSet<NodeId> unmet() {
        if (formed) {
            return Collections.emptySortedSet();
        }
        TreeSet<NodeId> unmet = new TreeSet<>(voters);
        unmet.remove(self);
        unmet.removeAll(roster.rememberedBy());
        return unmet;
    }

    private void tellUnmet() {
        SortedSet<NodeId> unmet = unmet();
        if (!unmet.isEmpty() && !unmet.equals(awaited)) {
            awaited = unmet;
            feed.tell(new NodeEvent.Waiting(unmet));
        }
    }

    /** Takes the new connectivity graph. */
    public void connectivity(Connectivity graph) {
        SortedSet<NodeId> before = connected;
        TreeSet<NodeId> now = new TreeSet<>();
        for (NodeId voter : voters) {
            if (voter.equals(self) || graph.connected(voter)) {
                now.add(voter);
            }
        }
        if (!now.equals(before)) {
            connected = now;
            now.stream().filter(peer -> !before.contains(peer)).forEach(this::reached);
            before.stream().filter(peer -> !now.contains(peer)).forEach(peer -> lost(peer, LOST));
            noteQuorum();
        }
        tellUnmet();
    }

    private void reached(NodeId peer) {
        failures.remove(peer);
        feed.tell(new NodeEvent.PeerReachable(peer));
    }

    private void lost(NodeId peer, String reason) {
        feed.tell(new NodeEvent.PeerUnreachable(peer, reason));
    }

    private void noteQuorum() {
        boolean now = connected.size() >= needed;
        if (now != quorum) {
            quorum = now;
            feed.tell(now ? new NodeEvent.QuorumBack(connected) : new NodeEvent.QuorumLost(connected, needed));
        }
    }

    /** Takes the failure of an attempt to reach a peer. */
    public void connectFailed(NodeId peer, String reason, long now) {
        if (connected.contains(peer)) {
            return; // It is reached by a connection of its own.
        }
        Failure last = failures.get(peer);
        boolean isNew = last == null || (!last.reason.equals(reason) && now - last.atNanos >= AGAIN_NANOS);
        if (isNew) {
            failures.put(peer, new Failure(reason, now));
            lost(peer, reason);
        }
    }

    /** All nodes have met. */
    public void formed() {
        formed = true;
        feed.formed();
    }

    /** This node must take no part any more. */
    public void fenced(String reason) {
        feed.fenced(reason);
    }

    /** Says who is in contact and how many are needed. Any thread. */
    public String reach() {
        SortedSet<NodeId> unmet = unmet();
        return numbers(connected) + " of " + voters.size() + " in contact, " + needed + " needed"
                + (unmet.isEmpty() ? "" : "; a new cluster waits for " + numbers(unmet));
    }

    private static String numbers(SortedSet<NodeId> nodes) {
        return (nodes.size() == 1 ? "node " : "nodes ")
                + nodes.stream().map(node -> Integer.toString(node.value())).collect(Collectors.joining(", "));
    }
}
