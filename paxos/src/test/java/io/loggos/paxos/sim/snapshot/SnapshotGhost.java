package io.loggos.paxos.sim.snapshot;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.Slot;
import io.loggos.api.group.Ordering;
import io.loggos.api.snapshot.GlobalSnapshot;
import io.loggos.api.snapshot.SnapshotId;
import io.loggos.api.snapshot.cut.GroupCut;
import io.loggos.api.snapshot.cut.InFlight;
import io.loggos.api.snapshot.cut.LinkCut;
import io.loggos.api.snapshot.cut.NodeCut;
import io.loggos.api.snapshot.cut.ReplicaCut;
import io.loggos.paxos.sim.SimCluster;
import io.loggos.paxos.sim.SimNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Checks every snapshot that a caller is given. */
final class SnapshotGhost {
    private final SimCluster cluster;
    private final Ordering ordering;
    private final Map<Slot, Bytes> states = new TreeMap<>();
    private final Map<Slot, Long> histories = new TreeMap<>();
    private final Map<SnapshotId, GlobalSnapshot> complete = new TreeMap<>();
    private long tokensInChannels;
    private long messagesInChannels;
    private long checkedPurses;
    private long checkedOrders;

    SnapshotGhost(SimCluster cluster, Ordering ordering) {
        this.cluster = cluster;
        this.ordering = ordering;
    }

    long tokensInChannels() {
        return tokensInChannels;
    }

    long messagesInChannels() {
        return messagesInChannels;
    }

    long checkedOrders() {
        return checkedOrders;
    }

    long checkedPurses() {
        return checkedPurses;
    }

    Map<SnapshotId, GlobalSnapshot> complete() {
        return complete;
    }

    void completed(GlobalSnapshot snapshot) {
        if (complete.put(snapshot.id(), snapshot) != null) {
            throw cluster.ghost().violate("CL5", "snapshot " + snapshot.id() + " is complete twice");
        }
        snapshot.nodes().values().forEach(node -> node.replicas().forEach(this::replica));
        links(snapshot);
        purses(snapshot);
    }

    /** MP19 and B-8 of what is recorded: one state and one history for each slot, and no slot that is not chosen. */
    private void replica(ReplicaCut replica) {
        if (!replica.log().equals(SimNode.LOG_NAME)) {
            return;
        }
        if (replica.slot().value() > cluster.ghost().chosenPrefix()) {
            throw cluster.ghost().violate("MP9", "recorded at slot " + replica.slot() + ", which is not chosen");
        }
        Bytes before = states.putIfAbsent(replica.slot(), replica.stateHash());
        if (before != null && !before.equals(replica.stateHash())) {
            throw cluster.ghost().violate("MP19", "two states at slot " + replica.slot());
        }
        replica.history().forEach((slot, value) -> {
            Long known = histories.putIfAbsent(slot, value);
            if (known != null && !known.equals(value)) {
                throw cluster.ghost().violate("B-8", "two histories at slot " + slot);
            }
        });
    }

    /** CL2, by the numbers: each channel has exactly what one end had sent and the other not received. */
    private void links(GlobalSnapshot snapshot) {
        for (NodeCut from : snapshot.nodes().values()) {
            from.links().forEach((to, sending) -> {
                LinkCut receiving = snapshot.nodes().get(to).links().get(from.node());
                long between = sending.sent() - receiving.received();
                if (between != receiving.channel().messages().size()
                        || sending.generation() != receiving.channel().generation()) {
                    throw cluster.ghost()
                            .violate(
                                    "CL2",
                                    snapshot.id() + ": " + from.node() + " to " + to + " holds "
                                            + receiving.channel().messages().size() + " of " + between);
                }
                messagesInChannels += between;
            });
        }
    }

    /** CL8: what each member had received, and then what was in flight to it, is what the order of the group allows. */
    private void order(GlobalSnapshot snapshot, Set<NodeId> members, long view) {
        Map<NodeId, SimPurse.Held> states = snapshot.states(SimPurse.PARTICIPANT, SimPurse.Held::of);
        if (!members.stream()
                .allMatch(each -> states.containsKey(each) && states.get(each).view() == view)) {
            return; // The application of a member has not been told of the view yet.
        }
        List<InFlight<SimPurse.Gift>> inFlight = snapshot.inFlight(SimPurse.GROUP, SimPurse.Gift::of);
        List<List<SimPurse.Gift>> received = new ArrayList<>();
        for (NodeId member : members) {
            List<SimPurse.Gift> all = new ArrayList<>(states.get(member).received());
            inFlight.stream()
                    .filter(each -> each.to().equals(member)
                            && each.message().number() > 0
                            && each.message().view() == view)
                    .forEach(each -> all.add(each.message()));
            received.add(all);
        }
        order(snapshot.id().toString(), received);
        checkedOrders++;
    }

    /** CL8 of the multicasts that the members of a group have received. */
    void order(String where, List<List<SimPurse.Gift>> received) {
        for (List<SimPurse.Gift> all : received) {
            Map<NodeId, Integer> seen = new TreeMap<>();
            for (SimPurse.Gift gift : all) {
                if (seen.merge(gift.from(), 1, Integer::sum) != gift.number()) {
                    throw cluster.ghost().violate("CL8", where + ": " + gift + " out of turn in " + all);
                }
                for (int i = 0; ordering.isCausal() && i < cluster.ids().size(); i++) {
                    if (seen.getOrDefault(cluster.ids().get(i), 0) < gift.seen().get(i)) {
                        throw cluster.ghost().violate("CL8", where + ": " + gift + " before a cause in " + all);
                    }
                }
            }
            if (all.size() != received.get(0).size()
                    || (ordering.isTotal() && !received.get(0).equals(all))) {
                throw cluster.ghost()
                        .violate("CL8", where + ": " + received.get(0) + " at one, and " + all + " at another");
            }
        }
    }

    /** CL3 and CL6: every token of the view is there once, in a purse or on its way. */
    private void purses(GlobalSnapshot snapshot) {
        Set<GroupCut> groups = new HashSet<>();
        snapshot.nodes()
                .values()
                .forEach(node -> node.groups().stream()
                        .filter(group -> group.group().equals(SimPurse.GROUP))
                        .forEach(groups::add));
        Set<NodeId> members = new TreeSet<>();
        Set<Long> views = new TreeSet<>();
        groups.forEach(group -> {
            members.addAll(group.view().members());
            views.add(group.view().id().counter());
        });
        if (groups.isEmpty() || !snapshot.nodes().keySet().containsAll(members)) {
            return;
        }
        checkedPurses++;
        List<Integer> found = new ArrayList<>();
        snapshot.states(SimPurse.PARTICIPANT, SimPurse.Held::of).forEach((node, held) -> found.addAll(held.tokens()));
        for (InFlight<SimPurse.Gift> each : snapshot.inFlight(SimPurse.GROUP, SimPurse.Gift::of)) {
            // The application is told of a view later than the group is in it: what it sends until then is nobody's.
            if (each.message().to().equals(each.to())
                    && views.contains(each.message().view())) {
                found.add(each.message().token());
                tokensInChannels++;
            }
        }
        found.sort(null);
        List<Integer> expected = new ArrayList<>();
        for (NodeId member : members) {
            for (int i = 0; i < SimPurse.MINTED; i++) {
                expected.add(member.value() * SimPurse.MINTED + i);
            }
        }
        if (views.size() == 1) {
            order(snapshot, members, views.iterator().next());
        }
        if (!found.equals(expected)) {
            throw cluster.ghost()
                    .violate("CL3", snapshot.id() + " of " + members + " holds " + found + ", not " + expected);
        }
    }
}
