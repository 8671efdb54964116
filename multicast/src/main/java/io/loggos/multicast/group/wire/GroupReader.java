package io.loggos.multicast.group.wire;

import io.loggos.api.Bytes;
import io.loggos.api.group.Delivery;
import io.loggos.api.group.Ordering;
import io.loggos.api.group.ViewId;
import io.loggos.api.node.NodeOptions;
import io.loggos.internal.codec.ByteReader;
import io.loggos.internal.codec.MalformedException;
import io.loggos.multicast.group.core.model.Attempt;
import io.loggos.multicast.group.core.model.GroupMessage;
import io.loggos.multicast.group.core.model.GroupMessage.Next;
import io.loggos.multicast.group.core.model.GroupMessage.Origin;
import io.loggos.multicast.group.core.model.GroupMessage.Trim;
import io.loggos.multicast.group.core.model.GroupView;
import io.loggos.multicast.group.core.model.Member;
import io.loggos.multicast.group.core.model.OrderNumbers;
import io.loggos.multicast.group.core.model.Packet;
import io.loggos.multicast.group.core.model.Proposal;
import io.loggos.multicast.group.core.model.VectorClock;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads one message, and checks everything: lengths, ranks, enumerations. */
final class GroupReader {
    private static final int MOST_MEMBERS = NodeOptions.MAX_NODES;
    private static final int MOST_REASON_BYTES = 1024;

    private final ByteReader in;

    GroupReader(ByteReader in) {
        this.in = in;
    }

    GroupMessage read(int type) {
        return switch (type) {
            case GroupCodec.PACKET -> packet();
            case GroupCodec.JOIN ->
                new GroupMessage.Join(
                        member(),
                        in.getCount(),
                        one(GroupCodec.POLICIES, in.getByte()),
                        one(GroupCodec.AGREEMENTS, in.getByte()),
                        in.getBoolean(),
                        optionalView());
            case GroupCodec.LEAVE -> new GroupMessage.Leave(member());
            case GroupCodec.PRESENCE -> new GroupMessage.Presence(in.getBoolean() ? member() : null, optionalView());
            case GroupCodec.REFUSED -> new GroupMessage.Refused(member(), reason());
            case GroupCodec.RECEIVED ->
                new GroupMessage.Received(viewId(), in.getCount(), in.getCount(), in.getCount());
            case GroupCodec.STABLE -> new GroupMessage.Stable(viewId(), in.getCount());
            case GroupCodec.SUSPECT -> new GroupMessage.Suspect(viewId(), member());
            case GroupCodec.FLUSH -> new GroupMessage.Flush(viewId(), attempt());
            case GroupCodec.FLUSHED -> flushed();
            case GroupCodec.TRIM -> trim();
            case GroupCodec.TRIMMED -> new GroupMessage.Trimmed(viewId(), attempt());
            case GroupCodec.INSTALL -> new GroupMessage.Install(viewId(), attempt(), members(), next());
            case GroupCodec.AGREE -> new GroupMessage.Agree(proposal());
            case GroupCodec.AGREED -> new GroupMessage.Agreed(proposal(), in.getBoolean(), optionalView());
            case GroupCodec.ABSENT -> new GroupMessage.Absent(in.getLong());
            case GroupCodec.RESTORED -> new GroupMessage.Restored(viewId());
            default -> throw new MalformedException("group message of type " + type);
        };
    }

    private Packet packet() {
        ViewId view = viewId();
        int origin = rank();
        long number = positive();
        Ordering ordering = one(GroupCodec.ORDERINGS, in.getByte());
        Delivery delivery = one(GroupCodec.DELIVERIES, in.getByte());
        int to = in.getByte() - 1;
        if (to >= MOST_MEMBERS) {
            throw new MalformedException("no rank: " + to);
        }
        VectorClock stamp = clock();
        OrderNumbers order = order();
        Packet.Content content = one(GroupCodec.CONTENTS, in.getByte());
        int count = in.getInt();
        Bytes messages = in.getRest();
        check(count, messages);
        if (!order.isEmpty() && count > 0) {
            throw new MalformedException("order numbers and messages in one packet");
        }
        return new Packet(view, origin, number, ordering, delivery, to, stamp, order, content, count, messages);
    }

    private OrderNumbers order() {
        int runs = in.getElementCount(5);
        int[] numbers = new int[2 * runs];
        for (int run = 0; run < runs; run++) {
            numbers[2 * run] = rank();
            int length = in.getInt();
            if (length < 1) {
                throw new MalformedException("a run of " + length);
            }
            numbers[2 * run + 1] = length;
        }
        return OrderNumbers.of(numbers);
    }

    /** Checks the sizes of the messages, so that the delivery need not. */
    private static void check(int count, Bytes messages) {
        ByteReader reader = new ByteReader(messages);
        for (int left = count; left > 0; left--) {
            reader.skip(reader.getInt());
        }
        if (count < 0 || reader.remaining() > 0) {
            throw new MalformedException("not " + count + " messages in " + messages.size() + " bytes");
        }
    }

    private GroupMessage.Flushed flushed() {
        ViewId view = viewId();
        Attempt attempt = attempt();
        VectorClock received = clock();
        return new GroupMessage.Flushed(view, attempt, received, in.getBoolean() ? trim() : null, in.getBoolean());
    }

    private Trim trim() {
        ViewId view = viewId();
        Attempt attempt = attempt();
        List<Member> survivors = members();
        List<VectorClock> digests = new ArrayList<>(survivors.size());
        for (int i = 0; i < survivors.size(); i++) {
            digests.add(clock());
        }
        VectorClock union = clock();
        if (!digests.stream().allMatch(digest -> digest.size() == 0 || digest.size() == union.size())) {
            throw new MalformedException("a trim of clocks of different sizes");
        }
        return new Trim(view, attempt, survivors, digests, union, next());
    }

    private Next next() {
        GroupView view = view();
        List<Member> newcomers = members();
        int count = atMost(MOST_MEMBERS);
        List<Origin> origins = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            origins.add(new Origin(member(), view()));
        }
        return new Next(view, newcomers, origins, optionalView());
    }

    private ViewId viewId() {
        return new ViewId(in.getCount(), in.getNode(), in.getLong());
    }

    private Attempt attempt() {
        return new Attempt(in.getCount(), in.getNode());
    }

    private Member member() {
        return new Member(in.getNode(), in.getLong());
    }

    /** Reads members; refuses a list in which a node stands twice. */
    private List<Member> members() {
        int count = atMost(MOST_MEMBERS);
        List<Member> members = new ArrayList<>(count);
        TreeSet<Integer> nodes = new TreeSet<>();
        for (int i = 0; i < count; i++) {
            Member member = member();
            if (!nodes.add(member.node().value())) {
                throw new MalformedException(member.node() + " is a member twice");
            }
            members.add(member);
        }
        return members;
    }

    private GroupView view() {
        ViewId id = viewId();
        List<Member> members = members();
        if (members.isEmpty()) {
            throw new MalformedException("a view without members");
        }
        return new GroupView(id, members, in.getBoolean(), in.getBoolean() ? viewId() : null);
    }

    private Proposal proposal() {
        GroupView view = view();
        ViewId from = viewId();
        Attempt attempt = attempt();
        List<Member> survivors = members();
        if (!view.members().containsAll(survivors)) {
            throw new MalformedException("a survivor that is no member");
        }
        return new Proposal(view, from, attempt, survivors);
    }

    private @Nullable GroupView optionalView() {
        return in.getBoolean() ? view() : null;
    }

    private VectorClock clock() {
        int size = atMost(MOST_MEMBERS);
        if (size == 0) {
            return VectorClock.NONE;
        }
        long[] numbers = new long[size];
        for (int rank = 0; rank < size; rank++) {
            numbers[rank] = in.getCount();
        }
        return VectorClock.of(numbers);
    }

    private String reason() {
        Bytes reason = in.getBytes();
        if (reason.size() > MOST_REASON_BYTES) {
            throw new MalformedException("a reason of " + reason.size() + " bytes");
        }
        return reason.toUtf8();
    }

    private int rank() {
        return atMost(MOST_MEMBERS - 1);
    }

    private long positive() {
        long number = in.getCount();
        if (number == 0) {
            throw new MalformedException("packets are numbered from 1");
        }
        return number;
    }

    private int atMost(int most) {
        int value = in.getByte();
        if (value > most) {
            throw new MalformedException(value + ", where " + most + " is the most");
        }
        return value;
    }

    private static <T> T one(List<T> values, int code) {
        if (code >= values.size()) {
            throw new MalformedException("no such choice: " + code);
        }
        return values.get(code);
    }
}
