package io.loggos.snapshot.core;

import io.loggos.api.NodeId;
import io.loggos.api.snapshot.cut.GroupCut;
import io.loggos.api.snapshot.cut.GroupCut.Sent;
import io.loggos.api.snapshot.cut.NodeCut;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Verifies the groups in a cut.
 *
 * <p>The members of a group are in one view, since a view change aborts a snapshot. The packets that a member sent in
 * that view have consecutive numbers. Each member has received a prefix of them, and the sender still keeps the rest.
 *
 * <p>So at each member the packets delivered, held and in flight add up to the packets sent, none missing and none
 * twice.
 */
final class GroupVerifier {
    private final String group;
    private final SortedMap<NodeId, NodeCut> cuts;
    private final SortedMap<NodeId, GroupCut> members = new TreeMap<>();
    private final List<String> problems;

    private GroupVerifier(String group, SortedMap<NodeId, NodeCut> cuts, List<String> problems) {
        this.group = group;
        this.cuts = cuts;
        this.problems = problems;
    }

    /** Adds all problems of the groups of a cut. */
    static void check(SortedMap<NodeId, NodeCut> cuts, List<String> problems) {
        SortedMap<String, GroupVerifier> groups = new TreeMap<>();
        for (NodeCut cut : cuts.values()) {
            for (GroupCut member : cut.groups()) {
                GroupVerifier verifier =
                        groups.computeIfAbsent(member.group(), name -> new GroupVerifier(name, cuts, problems));
                if (verifier.members.put(cut.node(), member) != null) {
                    verifier.wrong(cut.node() + " recorded it twice");
                }
            }
        }
        groups.values().forEach(GroupVerifier::check);
    }

    private void wrong(String problem) {
        problems.add("group \"" + group + "\": " + problem);
    }

    private void check() {
        members.forEach((node, member) -> {
            checkView(node, member);
            checkConsecutive(node + " keeps", member.kept());
            member.senders().forEach((sender, come) -> checkStream(node, member, sender, come));
        });
    }

    private void checkView(NodeId node, GroupCut member) {
        if (!member.view().contains(node)) {
            wrong(node + " recorded the view " + member.view() + ", which it is no member of");
        }
        for (NodeId other : member.view().members()) {
            GroupCut there = members.get(other);
            if (there != null && !there.view().equals(member.view())) {
                wrong(node + " was in view " + member.view() + ", and " + other + " in " + there.view());
            } else if (there == null && cuts.containsKey(other)) {
                wrong(other + " is a member of " + member.view() + " and has not recorded it");
            }
        }
    }

    private void checkStream(NodeId node, GroupCut member, NodeId sender, GroupCut.Sender come) {
        String name = node + " from " + sender + ": ";
        if (!member.view().contains(sender)) {
            wrong(name + "no member of " + member.view());
        }
        if (come.delivered() > come.received()) {
            wrong(name + come.delivered() + " delivered, " + come.received() + " received");
        }
        checkConsecutive(node + " holds from " + sender, come.held());
        boolean heldIsAll = come.held().isEmpty()
                ? come.delivered() >= come.received()
                : first(come.held()) == come.delivered() + 1 && last(come.held()) == come.received();
        if (!heldIsAll) {
            wrong(name + come.delivered() + " delivered, " + come.received() + " received, and held are "
                    + numbers(come.held()));
        }
        GroupCut there = members.get(sender);
        if (there != null) {
            checkSent(name, come, sender, there);
        }
    }

    /** Checks that packets received were sent in the cut, and that the sender still keeps those not received. */
    private void checkSent(String name, GroupCut.Sender come, NodeId sender, GroupCut there) {
        GroupCut.Sender own = there.senders().get(sender);
        long sent = Math.max(own == null ? 0 : own.received(), there.kept().isEmpty() ? 0 : last(there.kept()));
        if (come.received() > sent) {
            wrong(name + come.received() + " received in the cut, and " + sent + " sent in it");
        } else if (come.received() < sent
                && (there.kept().isEmpty() || first(there.kept()) > come.received() + 1 || last(there.kept()) < sent)) {
            wrong(name + come.received() + " received, " + sent + " sent, and the sender keeps only "
                    + numbers(there.kept()));
        }
    }

    private void checkConsecutive(String what, List<Sent> sent) {
        for (int i = 1; i < sent.size(); i++) {
            if (sent.get(i).number() != sent.get(i - 1).number() + 1) {
                wrong(what + " " + numbers(sent) + ", which are not consecutive");
                return;
            }
        }
    }

    private static long first(List<Sent> sent) {
        return sent.get(0).number();
    }

    private static long last(List<Sent> sent) {
        return sent.get(sent.size() - 1).number();
    }

    private static List<Long> numbers(List<Sent> sent) {
        return new ArrayList<>(sent.stream().map(Sent::number).toList());
    }
}
