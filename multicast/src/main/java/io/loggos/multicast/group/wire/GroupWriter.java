package io.loggos.multicast.group.wire;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.group.GroupId;
import io.loggos.api.group.ViewId;
import io.loggos.internal.codec.ByteWriter;
import io.loggos.multicast.ProtocolTag;
import io.loggos.multicast.group.core.model.Attempt;
import io.loggos.multicast.group.core.model.GroupMessage;
import io.loggos.multicast.group.core.model.GroupView;
import io.loggos.multicast.group.core.model.Member;
import io.loggos.multicast.group.core.model.OrderNumbers;
import io.loggos.multicast.group.core.model.Packet;
import io.loggos.multicast.group.core.model.Proposal;
import io.loggos.multicast.group.core.model.VectorClock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes one message. */
final class GroupWriter implements GroupMessage.Handler {
    private final ByteWriter out = new ByteWriter(64);
    private final GroupId group;
    private Bytes body = Bytes.EMPTY;

    GroupWriter(GroupId group) {
        this.group = group;
    }

    GroupCodec.Encoded write(NodeId self, GroupMessage message) {
        message.dispatch(self, this);
        return new GroupCodec.Encoded(out.toBytes(), body);
    }

    private void begin(int type) {
        out.putByte(ProtocolTag.GROUP.code())
                .putByte(GroupCodec.VERSION)
                .putByte(type)
                .putLong(group.value());
    }

    @Override
    public void onPacket(NodeId from, Packet packet) {
        begin(GroupCodec.PACKET);
        put(packet.view());
        out.putByte(packet.origin())
                .putLong(packet.number())
                .putByte(GroupCodec.ORDERINGS.indexOf(packet.ordering()))
                .putByte(GroupCodec.DELIVERIES.indexOf(packet.delivery()))
                .putByte(packet.to() + 1);
        put(packet.stamp());
        OrderNumbers order = packet.order();
        out.putInt(order.size());
        for (int run = 0; run < order.size(); run++) {
            out.putByte(order.rank(run)).putInt(order.length(run));
        }
        out.putByte(GroupCodec.CONTENTS.indexOf(packet.content())).putInt(packet.count());
        body = packet.messages();
    }

    @Override
    public void onJoin(NodeId from, GroupMessage.Join join) {
        begin(GroupCodec.JOIN);
        put(join.member());
        out.putLong(join.counter())
                .putByte(GroupCodec.POLICIES.indexOf(join.policy()))
                .putByte(GroupCodec.AGREEMENTS.indexOf(join.agreement()))
                .putBoolean(join.stateful());
        putOptional(join.from());
    }

    @Override
    public void onLeave(NodeId from, GroupMessage.Leave leave) {
        begin(GroupCodec.LEAVE);
        put(leave.member());
    }

    @Override
    public void onAbsent(NodeId from, GroupMessage.Absent absent) {
        begin(GroupCodec.ABSENT);
        out.putLong(absent.throughLife());
    }

    @Override
    public void onPresence(NodeId from, GroupMessage.Presence presence) {
        begin(GroupCodec.PRESENCE);
        Member member = presence.member();
        out.putBoolean(member != null);
        if (member != null) {
            put(member);
        }
        putOptional(presence.view());
    }

    @Override
    public void onRefused(NodeId from, GroupMessage.Refused refused) {
        begin(GroupCodec.REFUSED);
        put(refused.member());
        out.putText(refused.reason());
    }

    @Override
    public void onReceived(NodeId from, GroupMessage.Received ack) {
        begin(GroupCodec.RECEIVED);
        put(ack.view());
        out.putLong(ack.received()).putLong(ack.consumed()).putLong(ack.taken());
    }

    @Override
    public void onStable(NodeId from, GroupMessage.Stable stable) {
        begin(GroupCodec.STABLE);
        put(stable.view());
        out.putLong(stable.received());
    }

    @Override
    public void onRestored(NodeId from, GroupMessage.Restored restored) {
        begin(GroupCodec.RESTORED);
        put(restored.view());
    }

    @Override
    public void onSuspect(NodeId from, GroupMessage.Suspect suspect) {
        begin(GroupCodec.SUSPECT);
        put(suspect.view());
        put(suspect.member());
    }

    @Override
    public void onFlush(NodeId from, GroupMessage.Flush flush) {
        begin(GroupCodec.FLUSH);
        put(flush.view());
        put(flush.attempt());
    }

    @Override
    public void onFlushed(NodeId from, GroupMessage.Flushed flushed) {
        begin(GroupCodec.FLUSHED);
        put(flushed.view());
        put(flushed.attempt());
        put(flushed.received());
        GroupMessage.Trim trimmed = flushed.trimmed();
        out.putBoolean(trimmed != null);
        if (trimmed != null) {
            put(trimmed);
        }
        out.putBoolean(flushed.hasState());
    }

    @Override
    public void onTrim(NodeId from, GroupMessage.Trim trim) {
        begin(GroupCodec.TRIM);
        put(trim);
    }

    @Override
    public void onTrimmed(NodeId from, GroupMessage.Trimmed ack) {
        begin(GroupCodec.TRIMMED);
        put(ack.view());
        put(ack.attempt());
    }

    @Override
    public void onInstall(NodeId from, GroupMessage.Install install) {
        begin(GroupCodec.INSTALL);
        put(install.view());
        put(install.attempt());
        putMembers(install.survivors());
        put(install.next());
    }

    @Override
    public void onAgree(NodeId from, GroupMessage.Agree agree) {
        begin(GroupCodec.AGREE);
        put(agree.proposal());
    }

    @Override
    public void onAgreed(NodeId from, GroupMessage.Agreed agreed) {
        begin(GroupCodec.AGREED);
        put(agreed.proposal());
        out.putBoolean(agreed.granted());
        putOptional(agreed.last());
    }

    private void put(Proposal proposal) {
        put(proposal.view());
        put(proposal.from());
        put(proposal.attempt());
        putMembers(proposal.survivors());
    }

    private void put(GroupMessage.Trim trim) {
        put(trim.view());
        put(trim.attempt());
        putMembers(trim.survivors());
        trim.digests().forEach(this::put);
        put(trim.union());
        put(trim.next());
    }

    private void put(GroupMessage.Next next) {
        put(next.view());
        putMembers(next.newcomers());
        out.putByte(next.origins().size());
        for (GroupMessage.Origin origin : next.origins()) {
            put(origin.member());
            put(origin.view());
        }
        putOptional(next.into());
    }

    private void put(ViewId id) {
        out.putLong(id.counter()).putInt(id.coordinator().value()).putLong(id.life());
    }

    private void put(Attempt attempt) {
        out.putLong(attempt.round()).putInt(attempt.coordinator().value());
    }

    private void put(Member member) {
        out.putInt(member.node().value()).putLong(member.life());
    }

    private void put(VectorClock clock) {
        out.putByte(clock.size());
        for (int rank = 0; rank < clock.size(); rank++) {
            out.putLong(clock.at(rank));
        }
    }

    private void putMembers(List<Member> members) {
        out.putByte(members.size());
        members.forEach(this::put);
    }

    private void put(GroupView view) {
        put(view.id());
        putMembers(view.members());
        ViewId base = view.base();
        out.putBoolean(view.primary()).putBoolean(base != null);
        if (base != null) {
            put(base);
        }
    }

    private void putOptional(@Nullable GroupView view) {
        out.putBoolean(view != null);
        if (view != null) {
            put(view);
        }
    }
}
