package io.loggos.snapshot.core;

import static io.loggos.snapshot.testkit.Cuts.GROUP_VIEW;
import static io.loggos.snapshot.testkit.Cuts.ONE;
import static io.loggos.snapshot.testkit.Cuts.THREE;
import static io.loggos.snapshot.testkit.Cuts.TWO;
import static io.loggos.snapshot.testkit.Cuts.VIEW;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.Slot;
import io.loggos.api.group.View;
import io.loggos.api.group.ViewId;
import io.loggos.api.snapshot.cut.ChannelState;
import io.loggos.api.snapshot.cut.GroupCut;
import io.loggos.api.snapshot.cut.LinkCut;
import io.loggos.api.snapshot.cut.NodeCut;
import io.loggos.api.snapshot.cut.ReplicaCut;
import io.loggos.snapshot.testkit.Cuts;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests that a sound cut passes, and that each rule, broken alone, is named. */
class CutVerifierTest {
    private SortedMap<NodeId, NodeCut> cuts;

    @BeforeEach
    void begin() {
        cuts = Cuts.good();
        replica(ONE, Cuts.replica(10));
        replica(TWO, Cuts.replica(12));
        replica(THREE, Cuts.replica(12));
    }

    private void replica(NodeId node, ReplicaCut replica) {
        cuts.computeIfPresent(node, (unused, cut) -> Cuts.with(cut, List.of(replica)));
    }

    private List<String> problems() {
        return CutVerifier.problems(VIEW, cuts.values());
    }

    private void assertWrong(String... parts) {
        List<String> problems = problems();
        for (String part : parts) {
            assertTrue(problems.stream().anyMatch(problem -> problem.contains(part)), () -> part + " in " + problems);
        }
    }

    private LinkCut link(NodeId node, NodeId peer) {
        return cuts.get(node).links().get(peer);
    }

    private void put(NodeId node, LinkCut link) {
        cuts.computeIfPresent(node, (unused, cut) -> Cuts.with(cut, link));
    }

    private void channel(NodeId node, NodeId peer, long generation, long first, List<Bytes> messages, long marker) {
        LinkCut link = link(node, peer);
        ChannelState channel = new ChannelState(peer, node, generation, first, messages, marker);
        put(node, new LinkCut(peer, link.generation(), link.sent(), channel));
    }

    @Test
    void soundCutPasses() {
        assertEquals(List.of(), problems());
    }

    @Test
    void everyMemberHasOnePart() {
        NodeCut three = cuts.remove(THREE);
        assertWrong("the members [n1, n2, n3], and there are parts of [n1, n2]");
        cuts.put(THREE, three);
        List<NodeCut> twice = new ArrayList<>(cuts.values());
        twice.add(three);
        assertEquals(List.of("there are two parts of n3"), CutVerifier.problems(VIEW, twice));
        cuts.put(NodeId.of(4), Cuts.good(NodeId.of(4)));
        assertWrong("there are parts of [n1, n2, n3, n4]");
    }

    @Test
    void everyNodeHasALinkToEachOther() {
        NodeCut two = cuts.get(TWO);
        TreeMap<NodeId, LinkCut> links = new TreeMap<>(two.links());
        links.remove(THREE);
        cuts.put(TWO, new NodeCut(TWO, two.incarnation(), two.replicas(), two.groups(), two.participants(), links));
        assertWrong("n2 recorded links to [n1], not to [n1, n3]");
    }

    @Test
    void bothEndsAreOfOneGeneration() {
        ChannelState channel = link(TWO, THREE).channel();
        channel(TWO, THREE, 77, channel.first(), channel.messages(), channel.marker());
        assertWrong("channel n3 to n2: its sender was at generation -32 of the link, its receiver at 77");
    }

    /** One message too few, one too many, one that was received already. */
    @Test
    void aChannelHoldsExactlyTheMessagesBetween() {
        ChannelState channel = link(TWO, THREE).channel();
        long generation = channel.generation();
        assertEquals(3, channel.messages().size());
        channel(TWO, THREE, generation, channel.first(), channel.messages().subList(0, 2), channel.marker());
        assertWrong("channel n3 to n2: 2 messages were recorded from 300 on, before the marker of number 303");
        channel(TWO, THREE, generation, channel.first() - 1, channel.messages(), channel.marker());
        assertWrong("channel n3 to n2: 3 messages were recorded from 299 on");
    }

    /** The late marker of another snapshot, or a number that is off by one. */
    @Test
    void theMarkerIsNextAfterWhatWasSent() {
        ChannelState channel = link(TWO, THREE).channel();
        List<Bytes> longer = new ArrayList<>(channel.messages());
        longer.add(Bytes.utf8("sent behind the cut"));
        channel(TWO, THREE, channel.generation(), channel.first(), longer, channel.marker() + 1);
        assertEquals(
                List.of("channel n3 to n2: its marker has the number 304, and 302 messages were sent before"),
                problems());
    }

    @Test
    void noMessageIsReceivedInTheCutAndSentBehindIt() {
        LinkCut sending = link(THREE, TWO);
        put(THREE, new LinkCut(TWO, sending.generation(), 298, sending.channel()));
        assertWrong("channel n3 to n2: message 299 was received in the cut and sent behind it, where 298 is the last in"
                + " it: the cut is not consistent");
    }

    @Test
    void aChannelIsThatOfItsLink() {
        ChannelState channel = link(TWO, THREE).channel();
        ChannelState other =
                new ChannelState(ONE, TWO, channel.generation(), channel.first(), channel.messages(), channel.marker());
        put(
                TWO,
                new LinkCut(
                        THREE, link(TWO, THREE).generation(), link(TWO, THREE).sent(), other));
        assertWrong("channel n3 to n2: recorded as that from n1 to n2");
    }

    @Test
    void replicasThatHaveAppliedASlotAreEqualThere() {
        ReplicaCut replica = Cuts.replica(12);
        TreeMap<Slot, Long> history = new TreeMap<>(replica.history());
        history.put(Slot.of(10), 1L);
        replica(THREE, with(replica, replica.slot(), replica.firstSlot(), history));
        assertEquals(List.of("log \"orders\": n1 and n3 differ after slot 10"), problems());
    }

    private static ReplicaCut with(ReplicaCut replica, Slot slot, Slot firstSlot, SortedMap<Slot, Long> history) {
        return new ReplicaCut(
                replica.log(),
                slot,
                replica.ballot(),
                firstSlot,
                replica.acceptedSlot(),
                replica.chosenSlot(),
                history,
                replica.stateHash(),
                replica.stateBytes());
    }

    @Test
    void replicasAreWhereReplicasCanBe() {
        ReplicaCut replica = Cuts.replica(12);
        replica(TWO, with(replica, Slot.of(14), replica.firstSlot(), replica.history()));
        assertWrong("log \"orders\" at n2: has applied slot 14 and knows as chosen only 13");
        replica(TWO, with(replica, Slot.of(12), Slot.of(14), replica.history()));
        assertWrong("log \"orders\" at n2: has applied slot 12, and its log begins at 14");
        replica(TWO, with(replica, Slot.of(11), replica.firstSlot(), replica.history()));
        assertWrong("log \"orders\" at n2: has applied slot 11, and tells of 12");
        cuts.put(TWO, Cuts.with(cuts.get(TWO), List.of(replica, replica)));
        assertWrong("n2 recorded two replicas of log \"orders\"");
    }

    private GroupCut group(NodeId node) {
        return cuts.get(node).groups().get(0);
    }

    private void put(NodeId node, GroupCut group) {
        cuts.computeIfPresent(node, (unused, cut) -> Cuts.with(cut, group));
    }

    private void senders(NodeId node, NodeId sender, GroupCut.Sender come) {
        GroupCut group = group(node);
        TreeMap<NodeId, GroupCut.Sender> senders = new TreeMap<>(group.senders());
        senders.put(sender, come);
        put(node, new GroupCut("feed", group.view(), senders, group.order(), group.kept(), group.queued()));
    }

    private void kept(List<GroupCut.Sent> kept) {
        GroupCut group = group(ONE);
        put(ONE, new GroupCut("feed", group.view(), group.senders(), group.order(), kept, group.queued()));
    }

    @Test
    void membersOfAGroupAreInOneView() {
        GroupCut two = group(TWO);
        View other = new View(new ViewId(10, ONE, 4), GROUP_VIEW.members(), true);
        put(TWO, new GroupCut("feed", other, two.senders(), two.order(), two.kept(), two.queued()));
        assertWrong("group \"feed\": n1 was in view v9.1 [n1, n2], and n2 in v10.1 [n1, n2]");
    }

    @Test
    void allMembersInTheCutHaveRecordedTheGroup() {
        NodeCut two = cuts.get(TWO);
        cuts.put(TWO, new NodeCut(TWO, two.incarnation(), two.replicas(), List.of(), two.participants(), two.links()));
        assertEquals(List.of("group \"feed\": n2 is a member of v9.1 [n1, n2] and has not recorded it"), problems());
        put(THREE, group(ONE));
        assertWrong("group \"feed\": n3 recorded the view v9.1 [n1, n2], which it is no member of");
    }

    @Test
    void nothingIsReceivedInAGroupThatWasNotSent() {
        senders(TWO, ONE, new GroupCut.Sender(9, 9, List.of()));
        assertEquals(List.of("group \"feed\": n2 from n1: 9 received in the cut, and 8 sent in it"), problems());
        senders(TWO, THREE, new GroupCut.Sender(0, 0, List.of()));
        assertWrong("group \"feed\": n2 from n3: no member of v9.1 [n1, n2]");
    }

    @Test
    void whatIsHeldIsWhatWasReceivedAndNotDelivered() {
        senders(TWO, ONE, new GroupCut.Sender(7, 6, List.of()));
        assertWrong("group \"feed\": n2 from n1: 7 delivered, 6 received");
        senders(TWO, ONE, new GroupCut.Sender(5, 6, List.of()));
        assertEquals(List.of("group \"feed\": n2 from n1: 5 delivered, 6 received, and held are []"), problems());
        senders(TWO, ONE, new GroupCut.Sender(3, 6, List.of(Cuts.sent(5, null), Cuts.sent(6, null))));
        assertWrong("group \"feed\": n2 from n1: 3 delivered, 6 received, and held are [5, 6]");
        senders(TWO, ONE, new GroupCut.Sender(3, 6, List.of(Cuts.sent(4, null), Cuts.sent(6, null))));
        assertEquals(List.of("group \"feed\": n2 holds from n1 [4, 6], which are not consecutive"), problems());
    }

    @Test
    void whatIsOnTheWayInAGroupIsKeptByItsSender() {
        kept(List.of(Cuts.sent(8, null)));
        assertEquals(
                List.of("group \"feed\": n2 from n1: 6 received, 8 sent, and the sender keeps only [8]"), problems());
        kept(List.of());
        assertWrong("6 received, 8 sent, and the sender keeps only []");
        kept(List.of(Cuts.sent(6, null), Cuts.sent(8, null)));
        assertWrong("group \"feed\": n1 keeps [6, 8], which are not consecutive");
    }
}
