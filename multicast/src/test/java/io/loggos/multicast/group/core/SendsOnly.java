package io.loggos.multicast.group.core;

import io.loggos.api.NodeId;
import io.loggos.api.group.Receipt;
import io.loggos.api.group.ViewChange;
import io.loggos.api.group.ViewId;
import io.loggos.multicast.group.core.model.GroupEffects;
import io.loggos.multicast.group.core.model.GroupEvent;
import io.loggos.multicast.group.core.model.GroupMessage;
import io.loggos.multicast.group.core.model.Member;
import io.loggos.multicast.group.core.model.Packet;
import io.loggos.multicast.group.core.model.PendingReceipt;
import io.loggos.multicast.group.core.model.Proposal;
import java.util.List;

/** Effects of which only the messages to peers are kept. */
final class SendsOnly implements GroupEffects {
    private final List<GroupMessage> sent;

    SendsOnly(List<GroupMessage> sent) {
        this.sent = sent;
    }

    @Override
    public void send(NodeId to, GroupMessage message) {
        sent.add(message);
    }

    @Override
    public void deliver(NodeId sender, Packet packet) {}

    @Override
    public void install(ViewChange change) {}

    @Override
    public void receipt(PendingReceipt pending, Receipt receipt) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void captureState(ViewId boundary) {}

    @Override
    public void fetchState(NodeId provider, ViewId boundary) {}

    @Override
    public void evicted(String reason) {}

    @Override
    public void left(Member last) {}

    @Override
    public void propose(Proposal proposal) {}

    @Override
    public void note(GroupEvent event) {}
}
