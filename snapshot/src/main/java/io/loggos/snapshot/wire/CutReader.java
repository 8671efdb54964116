package io.loggos.snapshot.wire;

import io.loggos.api.Ballot;
import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.Slot;
import io.loggos.api.group.Ordering;
import io.loggos.api.group.View;
import io.loggos.api.group.ViewId;
import io.loggos.api.node.NodeOptions;
import io.loggos.api.snapshot.SnapshotId;
import io.loggos.api.snapshot.cut.ChannelState;
import io.loggos.api.snapshot.cut.GroupCut;
import io.loggos.api.snapshot.cut.LinkCut;
import io.loggos.api.snapshot.cut.NodeCut;
import io.loggos.api.snapshot.cut.ReplicaCut;
import io.loggos.internal.codec.ByteReader;
import io.loggos.internal.codec.MalformedException;
import io.loggos.internal.hash.Sha256;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@link CutWriter} wrote, and checks everything: a broken rule is a {@link MalformedException}.
 *
 * <p>Names and nodes rise, so that there is one form of each cut.
 */
public final class CutReader {
    /** The longest name of a log, group or participant, in bytes of UTF-8. */
    static final int MOST_NAME_BYTES = 4 * 255;

    /** The orderings, by their numbers in a record. */
    static final List<Ordering> ORDERINGS =
            List.of(Ordering.FIFO, Ordering.CAUSAL, Ordering.TOTAL, Ordering.FIFO_TOTAL, Ordering.CAUSAL_TOTAL);

    private static final int MOST_PEERS = NodeOptions.MAX_NODES;
    private static final int LEAST_REPLICA_BYTES = 4 + 8 + 12 + 3 * 8 + 4 + 4 + Sha256.BYTES + 8;
    private static final int LEAST_GROUP_BYTES = 4 + 25 + 4 + 4 + 4 + 4;
    private static final int LEAST_SENT_BYTES = 8 + 4 + 1 + 4 + 4 + 4;

    private final ByteReader in;

    public CutReader(ByteReader in) {
        this.in = in;
    }

    public SnapshotId snapshotId() {
        NodeId initiator = in.getNode();
        long life = in.getCount();
        return new SnapshotId(initiator, life, positive());
    }

    public View view() {
        ViewId id = new ViewId(in.getCount(), in.getNode(), in.getLong());
        int count = elements(4, MOST_PEERS);
        List<NodeId> members = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            NodeId member = in.getNode();
            require(!members.contains(member), member + " is a member twice");
            members.add(member);
        }
        require(!members.isEmpty(), "a view without members");
        return new View(id, members, in.getBoolean());
    }

    /** Reads a text of a bounded length, in the one form that UTF-8 has for it. */
    public String name() {
        Bytes bytes = in.getBytes();
        String name = bytes.toUtf8();
        require(bytes.size() <= MOST_NAME_BYTES, "a name of " + bytes.size() + " bytes");
        require(Bytes.utf8(name).equals(bytes), "a name that is no UTF-8");
        return name;
    }

    NodeCut nodeCut() {
        NodeId node = in.getNode();
        long incarnation = in.getLong();
        List<ReplicaCut> replicas =
                list(LEAST_REPLICA_BYTES, Integer.MAX_VALUE, this::replica, Comparator.comparing(ReplicaCut::log));
        List<GroupCut> groups =
                list(LEAST_GROUP_BYTES, Integer.MAX_VALUE, this::group, Comparator.comparing(GroupCut::group));
        SortedMap<String, Bytes> participants = map(8, Integer.MAX_VALUE, this::name, in::getBytes);
        List<LinkCut> links = list(48, MOST_PEERS, () -> link(node), Comparator.comparing(LinkCut::peer));
        TreeMap<NodeId, LinkCut> byPeer = new TreeMap<>();
        links.forEach(link -> byPeer.put(link.peer(), link));
        require(!byPeer.containsKey(node), "a link of " + node + " to itself");
        return new NodeCut(node, incarnation, replicas, groups, participants, byPeer);
    }

    private ReplicaCut replica() {
        String log = name();
        Slot slot = slot();
        Ballot ballot = in.getBallot();
        Slot firstSlot = slot();
        Slot acceptedSlot = slot();
        Slot chosenSlot = slot();
        SortedMap<Slot, Long> history = map(16, Integer.MAX_VALUE, this::slot, in::getLong);
        Bytes stateHash = in.getBytes();
        require(stateHash.size() == Sha256.BYTES, "a hash of " + stateHash.size() + " bytes");
        return new ReplicaCut(
                log, slot, ballot, firstSlot, acceptedSlot, chosenSlot, history, stateHash, in.getCount());
    }

    private GroupCut group() {
        String name = name();
        View view = view();
        SortedMap<NodeId, GroupCut.Sender> senders = map(24, MOST_PEERS, in::getNode, this::sender);
        List<GroupCut.Turn> order = turns();
        List<GroupCut.Sent> kept = allSent();
        int count = in.getElementCount(8);
        List<GroupCut.Queued> queued = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            queued.add(new GroupCut.Queued(optionalNode(), in.getBytes()));
        }
        return new GroupCut(name, view, senders, order, kept, queued);
    }

    private GroupCut.Sender sender() {
        return new GroupCut.Sender(in.getCount(), in.getCount(), allSent());
    }

    private List<GroupCut.Sent> allSent() {
        return list(
                LEAST_SENT_BYTES,
                Integer.MAX_VALUE,
                () -> new GroupCut.Sent(positive(), optionalNode(), place(), messages()),
                Comparator.comparing(GroupCut.Sent::number));
    }

    private GroupCut.Place place() {
        int ordering = in.getByte();
        require(ordering >= 0 && ordering < ORDERINGS.size(), "not an ordering: " + ordering);
        int ranks = elements(8, MOST_PEERS);
        List<Long> stamp = new ArrayList<>(ranks);
        for (int i = 0; i < ranks; i++) {
            stamp.add(in.getCount());
        }
        return new GroupCut.Place(ORDERINGS.get(ordering), stamp, turns());
    }

    private List<GroupCut.Turn> turns() {
        int count = in.getElementCount(8);
        List<GroupCut.Turn> turns = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int rank = in.getInt();
            int packets = in.getInt();
            require(rank >= 0 && rank < MOST_PEERS && packets > 0, "not a turn: " + packets + " of rank " + rank);
            turns.add(new GroupCut.Turn(rank, packets));
        }
        return turns;
    }

    private LinkCut link(NodeId self) {
        NodeId peer = in.getNode();
        long generation = in.getLong();
        long sent = in.getCount();
        long channelGeneration = in.getLong();
        long first = positive();
        long marker = positive();
        ChannelState channel = new ChannelState(peer, self, channelGeneration, first, messages(), marker);
        return new LinkCut(peer, generation, sent, channel);
    }

    private List<Bytes> messages() {
        int count = in.getElementCount(4);
        List<Bytes> messages = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            messages.add(in.getBytes());
        }
        return messages;
    }

    private Slot slot() {
        return Slot.of(in.getCount());
    }

    private @Nullable NodeId optionalNode() {
        int value = in.getInt();
        require(value >= 0 && value <= NodeId.MAX, "not a node id: " + value);
        return value == 0 ? null : NodeId.of(value);
    }

    private long positive() {
        long number = in.getCount();
        require(number > 0, "a number of 0 where they begin at 1");
        return number;
    }

    private int elements(int leastBytesEach, int most) {
        int count = in.getElementCount(leastBytesEach);
        require(count <= most, count + " elements, where " + most + " are the most");
        return count;
    }

    /** Reads elements in rising order. */
    private <T> List<T> list(int leastBytesEach, int most, Supplier<T> element, Comparator<T> order) {
        int count = elements(leastBytesEach, most);
        List<T> elements = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            T next = element.get();
            require(i == 0 || order.compare(elements.get(i - 1), next) < 0, "elements out of order");
            elements.add(next);
        }
        return elements;
    }

    /** Reads entries with rising keys. */
    public <K extends Comparable<K>, V> SortedMap<K, V> map(
            int leastBytesEach, int most, Supplier<K> key, Supplier<V> value) {
        int count = elements(leastBytesEach, most);
        TreeMap<K, V> entries = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            K next = key.get();
            require(entries.isEmpty() || entries.lastKey().compareTo(next) < 0, "keys out of order");
            entries.put(next, value.get());
        }
        return entries;
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new MalformedException(otherwise);
        }
    }
}
