package io.loggos.benchmarks.commands.parts;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.group.Delivery;
import io.loggos.api.group.GroupId;
import io.loggos.api.group.GroupOptions;
import io.loggos.api.group.Ordering;
import io.loggos.api.group.Receipt;
import io.loggos.api.group.ViewChange;
import io.loggos.api.group.ViewId;
import io.loggos.api.node.TimingOptions;
import io.loggos.api.node.TransportOptions;
import io.loggos.multicast.Connectivity;
import io.loggos.multicast.group.core.GroupProcess;
import io.loggos.multicast.group.core.Groups;
import io.loggos.multicast.group.core.model.GroupEffects;
import io.loggos.multicast.group.core.model.GroupEvent;
import io.loggos.multicast.group.core.model.GroupMessage;
import io.loggos.multicast.group.core.model.GroupSettings;
import io.loggos.multicast.group.core.model.LifeNumbers;
import io.loggos.multicast.group.core.model.Member;
import io.loggos.multicast.group.core.model.Packet;
import io.loggos.multicast.group.core.model.PendingReceipt;
import io.loggos.multicast.group.core.model.Proposal;
import io.loggos.multicast.group.core.model.SendQueue;
import io.loggos.multicast.group.core.model.Submission;
import java.util.ArrayDeque;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/** Member that is connected to all others, and whose application consumes everything at once. */
final class PureMember implements GroupEffects, SendQueue, Connectivity {
    private final GroupId group;
    private final Groups.Sender sender;
    private final Groups groups;
    private final GroupProcess process;
    private final ArrayDeque<Submission> queue = new ArrayDeque<>();
    private long delivered;
    private int viewSize;

    PureMember(
            NodeId self,
            SortedSet<NodeId> nodes,
            GroupId group,
            TimingOptions timing,
            GroupOptions options,
            Groups.Sender sender) {
        this.group = group;
        this.sender = sender;
        LifeNumbers lives = new LifeNumbers(0);
        this.groups = new Groups(self, nodes, timing, lives, sender);
        GroupSettings settings = new GroupSettings(
                group, self, nodes, timing, options, TransportOptions.defaults().maxFrameBytes());
        this.process = new GroupProcess(settings, this, this, lives, this);
    }

    void open(long now) {
        groups.open(group, process, now);
    }

    void submit(Bytes message, Ordering ordering, int times) {
        Submission submission = new Submission(message, ordering, Delivery.ON_RECEIPT, null);
        for (int i = 0; i < times; i++) {
            queue.add(submission);
        }
        groups.touch(group);
    }

    void onMessage(NodeId from, GroupMessage message, long now) {
        groups.onMessage(from, group, message, now);
    }

    void endTurn(long now) {
        groups.endTurn(now);
    }

    long delivered() {
        return delivered;
    }

    int viewSize() {
        return viewSize;
    }

    @Override
    public @Nullable Submission peek() {
        return queue.peek();
    }

    @Override
    public Submission poll() {
        return queue.remove();
    }

    @Override
    public boolean connected(NodeId peer) {
        return true;
    }

    @Override
    public boolean connected(NodeId one, NodeId other) {
        return true;
    }

    @Override
    public void send(NodeId to, GroupMessage message) {
        sender.send(to, group, message);
    }

    @Override
    public void deliver(NodeId origin, Packet packet) {
        delivered += packet.count();
        process.onConsumed(packet.view(), packet.origin(), packet.number());
    }

    @Override
    public void install(ViewChange change) {
        viewSize = change.view().members().size();
    }

    @Override
    public void receipt(PendingReceipt pending, Receipt receipt) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void captureState(ViewId boundary) {
        throw new UnsupportedOperationException("there is no state");
    }

    @Override
    public void fetchState(NodeId provider, ViewId boundary) {
        // New members are told to fetch a state even if there is none.
        process.onStateRestored(boundary);
    }

    @Override
    public void evicted(String reason) {
        throw new IllegalStateException(reason);
    }

    @Override
    public void left(Member last) {
        throw new IllegalStateException(last + " has left");
    }

    @Override
    public void propose(Proposal proposal) {
        groups.majority().propose(group, proposal);
    }

    @Override
    public void note(GroupEvent event) {}
}
