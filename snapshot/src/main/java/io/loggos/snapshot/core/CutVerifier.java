package io.loggos.snapshot.core;

import io.loggos.api.NodeId;
import io.loggos.api.Slot;
import io.loggos.api.group.View;
import io.loggos.api.snapshot.ChannelState;
import io.loggos.api.snapshot.LinkCut;
import io.loggos.api.snapshot.NodeCut;
import io.loggos.api.snapshot.ReplicaCut;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Says whether what the nodes have recorded is one consistent cut, complete in each channel. Every snapshot is looked at
 * before anybody sees it: the algorithm leads to consistent cuts only, and this finds out where it was not followed.
 *
 * <p><b>Channels</b> (rules.md S-3). A marker has a number like any message of its link. A channel must hold exactly the
 * messages between the last that its receiver had received and the last that its sender had sent, each when it recorded
 * its state; the marker is the next after them.
 *
 * <p><b>Happens-before.</b> A cut is consistent if and only if it is closed to the past: no event behind it happened before
 * one that is in it. Since happens-before is what the order in each node and the messages between nodes generate, it is
 * enough that no message was received in the cut and sent behind it (Mattern, <i>Virtual Time and Global States of
 * Distributed Systems</i>, 1989). The links number their messages; so what a node has received on each of its links is
 * a clock of its direct dependencies (Fowler and Zwaenepoel, <i>Causal Distributed Breakpoints</i>, 1990), from which the
 * vector clocks follow by going on from node to node. On a cut both say the same: for all nodes i and j, received_j[i] is
 * at most sent_i[j], which is Mattern's condition that no node knows more of i at the cut than i itself does.
 *
 * <p><b>Replicas.</b> Two replicas that have applied the same slot of a log have the same digest there, and each is
 * somewhere where a replica can be.
 *
 * <p><b>Groups</b>: see {@link GroupVerifier}.
 */
public final class CutVerifier {
    private final List<String> problems = new ArrayList<>();
    private final TreeMap<NodeId, NodeCut> cuts = new TreeMap<>();

    private CutVerifier() {}

    /** Everything that is wrong with the cut of a view; empty if nothing is. */
    public static List<String> problems(View view, Collection<NodeCut> cuts) {
        CutVerifier verifier = new CutVerifier();
        for (NodeCut cut : cuts) {
            if (verifier.cuts.put(cut.node(), cut) != null) {
                verifier.wrong("there are two parts of " + cut.node());
            }
        }
        verifier.checkNodes(view);
        verifier.checkChannels();
        verifier.checkReplicas();
        GroupVerifier.check(verifier.cuts, verifier.problems);
        return List.copyOf(verifier.problems);
    }

    private void wrong(String problem) {
        problems.add(problem);
    }

    private void checkNodes(View view) {
        SortedSet<NodeId> members = new TreeSet<>(view.members());
        if (!members.equals(cuts.keySet())) {
            wrong("the view has the members " + members + ", and there are parts of " + cuts.keySet());
        }
        for (NodeCut cut : cuts.values()) {
            SortedSet<NodeId> others = new TreeSet<>(members);
            others.remove(cut.node());
            if (!others.equals(cut.links().keySet())) {
                wrong(cut.node() + " recorded links to " + cut.links().keySet() + ", not to " + others);
            }
        }
    }

    private void checkChannels() {
        for (NodeCut to : cuts.values()) {
            to.links().forEach((peer, receiving) -> {
                NodeCut from = cuts.get(peer);
                LinkCut sending = from == null ? null : from.links().get(to.node());
                if (sending != null) {
                    checkChannel(peer, sending, to.node(), receiving);
                }
            });
        }
    }

    private void checkChannel(NodeId from, LinkCut sending, NodeId to, LinkCut receiving) {
        String name = "channel " + from + " to " + to + ": ";
        ChannelState channel = receiving.channel();
        long messages = channel.messages().size();
        if (!receiving.peer().equals(from)
                || !channel.from().equals(from)
                || !channel.to().equals(to)) {
            wrong(name + "recorded as that from " + channel.from() + " to " + channel.to());
        }
        if (channel.generation() != sending.generation()) {
            wrong(name + "its sender was at generation " + sending.generation() + " of the link, its receiver at "
                    + channel.generation());
            return;
        }
        if (receiving.received() > sending.sent()) {
            wrong(name + "message " + receiving.received() + " was received in the cut and sent behind it, where "
                    + sending.sent() + " is the last in it: the cut is not consistent");
        }
        if (channel.marker() != sending.sent() + 1) {
            wrong(name + "its marker has the number " + channel.marker() + ", and " + sending.sent()
                    + " messages were sent before");
        }
        if (channel.first() + messages != channel.marker()) {
            wrong(name + messages + " messages were recorded from " + channel.first()
                    + " on, before the marker of number " + channel.marker());
        }
    }

    private void checkReplicas() {
        TreeMap<String, Map<Slot, Map.Entry<NodeId, Long>>> histories = new TreeMap<>();
        for (NodeCut cut : cuts.values()) {
            TreeSet<String> seen = new TreeSet<>();
            for (ReplicaCut replica : cut.replicas()) {
                if (!seen.add(replica.log())) {
                    wrong(cut.node() + " recorded two replicas of log \"" + replica.log() + "\"");
                }
                checkSlots(cut.node(), replica);
                Map<Slot, Map.Entry<NodeId, Long>> known =
                        histories.computeIfAbsent(replica.log(), log -> new TreeMap<>());
                replica.history().forEach((slot, digest) -> checkDigest(cut.node(), replica, slot, digest, known));
            }
        }
    }

    private void checkDigest(
            NodeId node, ReplicaCut replica, Slot slot, long digest, Map<Slot, Map.Entry<NodeId, Long>> known) {
        Map.Entry<NodeId, Long> other = known.putIfAbsent(slot, Map.entry(node, digest));
        if (other != null && other.getValue() != digest) {
            wrong("log \"" + replica.log() + "\": " + other.getKey() + " and " + node + " differ after slot " + slot);
        }
    }

    /** What holds of every replica at any time. */
    private void checkSlots(NodeId node, ReplicaCut replica) {
        String name = "log \"" + replica.log() + "\" at " + node + ": ";
        Slot slot = replica.slot();
        if (slot.compareTo(replica.chosenSlot()) > 0) {
            wrong(name + "has applied slot " + slot + " and knows as chosen only " + replica.chosenSlot());
        }
        if (replica.firstSlot().value() < 1 || replica.firstSlot().value() - 1 > slot.value()) {
            wrong(name + "has applied slot " + slot + ", and its log begins at " + replica.firstSlot());
        }
        if (!replica.history().isEmpty() && replica.history().lastKey().compareTo(slot) > 0) {
            wrong(name + "has applied slot " + slot + ", and tells of "
                    + replica.history().lastKey());
        }
    }
}
