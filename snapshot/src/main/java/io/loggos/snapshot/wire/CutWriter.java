package io.loggos.snapshot.wire;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.group.View;
import io.loggos.api.group.ViewId;
import io.loggos.api.snapshot.SnapshotId;
import io.loggos.api.snapshot.cut.ChannelState;
import io.loggos.api.snapshot.cut.GroupCut;
import io.loggos.api.snapshot.cut.LinkCut;
import io.loggos.api.snapshot.cut.NodeCut;
import io.loggos.api.snapshot.cut.ReplicaCut;
import io.loggos.internal.codec.ByteWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes the parts of a snapshot one after the other; {@link CutReader} reads them in the same order. */
public final class CutWriter {
    private final ByteWriter out;

    public CutWriter(ByteWriter out) {
        this.out = out;
    }

    public void put(SnapshotId id) {
        out.putInt(id.initiator().value()).putLong(id.life()).putLong(id.number());
    }

    public void put(View view) {
        ViewId id = view.id();
        out.putLong(id.counter()).putInt(id.coordinator().value()).putLong(id.life());
        out.putInt(view.members().size());
        view.members().forEach(member -> out.putInt(member.value()));
        out.putBoolean(view.primary());
    }

    /** Writes a node's cut. The ends of a channel are not written: they are the peer and the node whose cut it is. */
    void put(NodeCut cut) {
        out.putInt(cut.node().value()).putLong(cut.incarnation());
        out.putInt(cut.replicas().size());
        cut.replicas().forEach(this::put);
        out.putInt(cut.groups().size());
        cut.groups().forEach(this::put);
        out.putInt(cut.participants().size());
        cut.participants().forEach((name, state) -> out.putText(name).putBytes(state));
        out.putInt(cut.links().size());
        cut.links().forEach((peer, link) -> {
            ChannelState channel = link.channel();
            if (!link.peer().equals(peer)
                    || !channel.from().equals(peer)
                    || !channel.to().equals(cut.node())) {
                throw new IllegalArgumentException("the link of " + cut.node() + " to " + peer + " is one to "
                        + link.peer() + ", with a channel from " + channel.from() + " to " + channel.to());
            }
            put(link);
        });
    }

    private void put(ReplicaCut replica) {
        out.putText(replica.log())
                .putLong(replica.slot().value())
                .putBallot(replica.ballot())
                .putLong(replica.firstSlot().value())
                .putLong(replica.acceptedSlot().value())
                .putLong(replica.chosenSlot().value());
        out.putInt(replica.history().size());
        replica.history().forEach((slot, digest) -> out.putLong(slot.value()).putLong(digest));
        out.putBytes(replica.stateHash()).putLong(replica.stateBytes());
    }

    private void put(GroupCut group) {
        out.putText(group.group());
        put(group.view());
        out.putInt(group.senders().size());
        group.senders().forEach((node, sender) -> {
            out.putInt(node.value()).putLong(sender.delivered()).putLong(sender.received());
            putAll(sender.held());
        });
        putTurns(group.order());
        putAll(group.kept());
        out.putInt(group.queued().size());
        for (GroupCut.Queued queued : group.queued()) {
            putOptional(queued.to());
            out.putBytes(queued.message());
        }
    }

    private void putAll(List<GroupCut.Sent> sent) {
        out.putInt(sent.size());
        for (GroupCut.Sent each : sent) {
            out.putLong(each.number());
            putOptional(each.to());
            put(each.place());
            putMessages(each.messages());
        }
    }

    private void put(GroupCut.Place place) {
        out.putByte(CutReader.ORDERINGS.indexOf(place.ordering()))
                .putInt(place.stamp().size());
        place.stamp().forEach(out::putLong);
        putTurns(place.order());
    }

    private void putTurns(List<GroupCut.Turn> turns) {
        out.putInt(turns.size());
        turns.forEach(turn -> out.putInt(turn.rank()).putInt(turn.packets()));
    }

    private void put(LinkCut link) {
        ChannelState channel = link.channel();
        out.putInt(link.peer().value())
                .putLong(link.generation())
                .putLong(link.sent())
                .putLong(channel.generation())
                .putLong(channel.first())
                .putLong(channel.marker());
        putMessages(channel.messages());
    }

    private void putMessages(List<Bytes> messages) {
        out.putInt(messages.size());
        messages.forEach(out::putBytes);
    }

    private void putOptional(@Nullable NodeId node) {
        out.putInt(node == null ? 0 : node.value());
    }
}
