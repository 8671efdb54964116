package io.loggos.multicast.runtime;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.group.Receipt;
import io.loggos.api.group.ViewChange;
import io.loggos.api.group.ViewId;
import io.loggos.api.replica.CheckpointWriter;
import io.loggos.multicast.group.core.GroupProcess;
import io.loggos.multicast.group.core.model.GroupEffects;
import io.loggos.multicast.group.core.model.GroupEvent;
import io.loggos.multicast.group.core.model.GroupMessage;
import io.loggos.multicast.group.core.model.GroupView;
import io.loggos.multicast.group.core.model.Member;
import io.loggos.multicast.group.core.model.Packet;
import io.loggos.multicast.group.core.model.PendingReceipt;
import io.loggos.multicast.group.core.model.Proposal;
import io.loggos.multicast.runtime.node.StateTransfer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;

/** A group's process on this node, and its effects: messages to the links, deliveries to the listener's thread. */
final class GroupMember implements GroupEffects {
    /** Time that messages from a snapshot wait for all members. */
    private static final Duration RESTORE_PATIENCE = Duration.ofMinutes(1);

    private final GroupHost host;
    private final LocalGroup group;
    private final GroupProcess process;
    private final Deliveries deliveries;
    private boolean leaving;
    private boolean gone;
    /** Time since which it sends nothing, because the view changes; {@link Long#MIN_VALUE} if it may send. */
    private long frozenSinceNanos = Long.MIN_VALUE;

    /** Creates a member that is not yet started. */
    GroupMember(GroupHost host, LocalGroup group) {
        this.host = host;
        this.group = group;
        this.deliveries = host.deliveries(this, group);
        this.process = host.process(group, this);
    }

    LocalGroup group() {
        return group;
    }

    NodeId node() {
        return host.self();
    }

    GroupProcess process() {
        return process;
    }

    Deliveries deliveries() {
        return deliveries;
    }

    boolean isGone() {
        return gone;
    }

    /** True if messages from a snapshot have yet to be given to the application. */
    boolean isRestoring() {
        return group.buffer().isHeld();
    }

    /** Begins to leave, if it has not yet. */
    void leave(long now) {
        if (!leaving) {
            leaving = true;
            process.leave(now);
            host.touch(group);
        }
    }

    /** Leaves, and another member takes the place of this one. Any thread. */
    void rejoin() {
        host.submit(now -> host.replace(this, now));
    }

    /** Runs a step on the process, if this member still takes part. Any thread. */
    void submit(Consumer<GroupProcess> step) {
        host.submit(now -> {
            if (!gone) {
                step.accept(process);
                host.touch(group);
            }
        });
    }

    /** Gives the messages from a snapshot after some time, even if their members are not all there. */
    private void restoreLater() {
        host.later(RESTORE_PATIENCE, at -> {
            deliveries.restore();
            deliveries.publish();
        });
    }

    /** Notes that the application has taken over the state. Any thread. */
    void stateRestored(ViewId boundary) {
        submit(state -> {
            state.onStateRestored(boundary);
            if (isRestoring()) {
                restoreLater();
            }
        });
    }

    /** Reports that the application has taken deliveries. */
    void consumed(Consumption consumption) {
        if (!gone) {
            consumption.reportTo(process);
            host.touch(group);
        }
    }

    /** Keeps a captured state; a member that cannot keep it rejoins, so that another one provides the state. */
    void keep(ViewId boundary, CheckpointWriter captured, Bytes restored) {
        host.transfer().keep(group.id(), boundary, captured, restored, reason -> {
            host.warn(group, "the state of " + boundary + " cannot be kept: " + reason);
            rejoin();
        });
    }

    /** Asks the provider for the state that is awaited. */
    void ask(StateFetch fetch) {
        host.transfer().fetch(group.id(), fetch.provider, fetch.boundary, new StateTransfer.Listener() {
            @Override
            public void fetched(Path directory, Bytes restored) {
                fetch.fetched(directory, restored);
                deliveries.publish();
            }

            @Override
            public void missed(String reason) {
                host.submit(now -> again(fetch, reason, now));
            }
        });
    }

    private void again(StateFetch fetch, String reason, long now) {
        if (deliveries.fetching() != fetch) {
            return;
        }
        if (fetch.isOverdue(now) || !host.isConnected(fetch.provider)) {
            host.warn(group, "no state of " + fetch.boundary + " from " + fetch.provider + ": " + reason);
            fetch.lost();
            deliveries.publish();
        } else {
            host.askLater(this, fetch);
        }
    }

    /** Notes that a message of a peer is about to be handled. */
    void hears(GroupMessage message, long now) {
        if (message instanceof GroupMessage.Flush flush) {
            GroupView view = process.view();
            if (view != null && view.id().equals(flush.view())) {
                freezes(now);
            }
        }
    }

    private void freezes(long now) {
        if (frozenSinceNanos == Long.MIN_VALUE) {
            frozenSinceNanos = now;
        }
    }

    private void thaws() {
        if (frozenSinceNanos != Long.MIN_VALUE) {
            group.meters().flush().record(host.now() - frozenSinceNanos);
            frozenSinceNanos = Long.MIN_VALUE;
        }
    }

    @Override
    public void send(NodeId to, GroupMessage message) {
        host.send(to, group.id(), message);
    }

    @Override
    public void deliver(NodeId sender, Packet packet) {
        if (packet.count() > 0 && sender.equals(host.self())) {
            group.meters().sent().add(packet.count());
        }
        host.delivered(group, sender, packet);
        deliveries.message(sender, packet);
    }

    @Override
    public void install(ViewChange change) {
        thaws();
        group.meters().views().add(1);
        group.entered(change.view());
        deliveries.view(change);
        host.entered(group, change.view());
        if (isRestoring()) {
            restoreLater();
        }
    }

    @Override
    public void receipt(PendingReceipt pending, Receipt receipt) {
        deliveries.receipt(pending, receipt);
    }

    @Override
    public void captureState(ViewId boundary) {
        deliveries.capture(boundary);
    }

    @Override
    public void fetchState(NodeId provider, ViewId boundary) {
        StateFetch fetch = host.fetch(provider, boundary);
        deliveries.await(fetch);
        ask(fetch);
    }

    @Override
    public void evicted(String reason) {
        thaws();
        group.meters().evictions().add(1);
        group.entered(null);
        host.entered(group, null);
        deliveries.eviction(reason);
    }

    @Override
    public void left(Member last) {
        gone = true;
        host.agreement(group).left(group.id(), last);
        group.entered(null);
        host.entered(group, null);
        deliveries.end();
        host.left(this);
    }

    @Override
    public void propose(Proposal proposal) {
        host.agreement(group).propose(group.id(), proposal);
    }

    @Override
    public void note(GroupEvent event) {
        if (event == GroupEvent.VIEW_CHANGE_ATTEMPTED) {
            freezes(host.now());
        }
        group.meters().event(event);
    }
}
