package io.loggos.multicast.group.sim;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.group.Delivery;
import io.loggos.api.group.GroupId;
import io.loggos.api.group.Ordering;
import io.loggos.api.group.Receipt;
import io.loggos.api.group.View;
import io.loggos.api.group.ViewChange;
import io.loggos.api.group.ViewId;
import io.loggos.multicast.group.core.GroupProcess;
import io.loggos.multicast.group.core.model.GroupEffects;
import io.loggos.multicast.group.core.model.GroupEvent;
import io.loggos.multicast.group.core.model.GroupMessage;
import io.loggos.multicast.group.core.model.GroupMessage.Received;
import io.loggos.multicast.group.core.model.GroupMessage.Stable;
import io.loggos.multicast.group.core.model.GroupMessage.Trim;
import io.loggos.multicast.group.core.model.GroupSettings;
import io.loggos.multicast.group.core.model.GroupView;
import io.loggos.multicast.group.core.model.Member;
import io.loggos.multicast.group.core.model.Packet;
import io.loggos.multicast.group.core.model.PendingReceipt;
import io.loggos.multicast.group.core.model.Proposal;
import io.loggos.multicast.group.core.model.SendQueue;
import io.loggos.multicast.group.core.model.Submission;
import io.loggos.multicast.group.sim.predicate.Ghost;
import io.loggos.multicast.group.sim.predicate.Life;
import io.loggos.testkit.Violation;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One life of a node in one group: the production protocol, the messages that wait, and the application behind it. */
final class SimMember implements GroupEffects, SendQueue {
    private static final int MOST_WAITING = 400;

    /** Wish to know the fate of a message. */
    private record Asked(long id) implements PendingReceipt {
        @Override
        public void end(Receipt receipt) {
            throw new UnsupportedOperationException();
        }
    }

    /** Message that the application has asked to send, with the messages that it had been given by then. */
    private record Waiting(
            Submission submission, long id, @Nullable ViewId seenIn, SortedMap<NodeId, Integer> causes) {}

    final GroupId group;
    final Life life;
    final GroupProcess process;
    final SimApplication application;
    private final SimCluster cluster;
    private final SimNode node;
    private final Ghost ghost;
    private final ArrayDeque<Waiting> queue = new ArrayDeque<>();
    /** Messages whose fate this member waits for. */
    private final TreeSet<Long> asked = new TreeSet<>();

    private @Nullable GroupView viewBefore;
    /** Number of views that were entered in this turn. */
    private int entered;

    private @Nullable ViewId fetched;

    SimMember(SimCluster cluster, SimNode node, GroupId group, Life life) {
        this.cluster = cluster;
        this.node = node;
        this.group = group;
        this.life = life;
        this.ghost = cluster.ghost(group);
        ghost.founding.looks(life, cluster.time.nanos());
        application = new SimApplication(cluster, node, this);
        process = new GroupProcess(
                new GroupSettings(
                        group,
                        node.id,
                        cluster.ids(),
                        cluster.settings.timing(),
                        cluster.settings.options(),
                        cluster.settings.transport().maxFrameBytes()),
                node.links().connectivity(),
                this,
                node.memberLives(),
                this);
    }

    /** The application sends a message, if not too many wait. */
    void submit(Ordering ordering, Delivery delivery, @Nullable NodeId to, int padding) {
        if (queue.size() < MOST_WAITING) {
            long id = cluster.nextId();
            byte[] bytes = ByteBuffer.allocate(Long.BYTES + padding).putLong(id).array();
            queue.add(new Waiting(
                    new Submission(Bytes.wrap(bytes), Packet.Content.MESSAGES, ordering, delivery, to, ask(id)),
                    id,
                    ghost.viewOf(life),
                    ghost.causes(life)));
            node.turn(() -> node.groups().touch(group));
        }
    }

    /** Every other message asks for a receipt. */
    private @Nullable PendingReceipt ask(long id) {
        if (id % 2 == 0) {
            return null;
        }
        asked.add(id);
        return new Asked(id);
    }

    /** True if the fate of every message is known that this member wanted to know. */
    boolean hasAllReceipts() {
        return asked.isEmpty();
    }

    @Override
    public void receipt(PendingReceipt pending, Receipt receipt) {
        if (!node.isDoomed()) {
            application.receipt(((Asked) pending).id, receipt);
        }
    }

    /** The application is told the fate of a message. */
    void settled(long id, Receipt receipt, boolean atCut) {
        cluster.trace(life, () -> "is told that m" + id + " is " + receipt.outcome());
        Violation.unless(asked.remove(id), "VS20", () -> life + " has two receipts for m" + id);
        cluster.note("receipt " + receipt.outcome());
        ghost.receipt(life, id, receipt, atCut);
    }

    int waiting() {
        return queue.size();
    }

    @Override
    public @Nullable Submission peek() {
        Waiting first = queue.peek();
        return first == null ? null : first.submission;
    }

    @Override
    public Submission poll() {
        Waiting first = queue.remove();
        Submission submission = first.submission;
        GroupView view = process.view();
        if (view == null) {
            throw new Violation("VS4", life + " sends in no view");
        }
        if (!node.isDoomed() && (submission.to() == null || view.rank(submission.to()) >= 0)) {
            boolean same = view.id().equals(first.seenIn);
            cluster.trace(life, () -> "sends m" + first.id + " in " + view.id());
            ghost.sent(
                    life,
                    first.id,
                    view.toView(),
                    submission.ordering(),
                    submission.delivery(),
                    submission.to(),
                    same ? first.causes : new TreeMap<>());
        }
        return submission;
    }

    void turnBegins() {
        viewBefore = process.view();
        entered = 0;
    }

    void turnEnds() {
        process.checkInvariants();
        GroupView now = process.view();
        boolean changed = viewBefore != null && (now == null || !now.id().equals(viewBefore.id()));
        // A view may begin and end in one turn.
        boolean ended = changed || entered > 1;
        application.turnEnded(ended);
    }

    void crashed() {
        ghost.primary.ended(life);
        application.stop();
    }

    void leave() {
        cluster.trace(life, () -> "wants to leave");
        node.turn(() -> {
            process.leave(cluster.time.nanos());
            node.groups().touch(group);
        });
    }

    /** Leaves, if this is still the node's member. */
    void leaveIfThere() {
        if (!application.isOver()) {
            leave();
        }
    }

    void consumed(ViewId view, int rank, long number) {
        node.turn(() -> {
            process.onConsumed(view, rank, number);
            node.groups().touch(group);
        });
    }

    void stateRestored(ViewId boundary) {
        node.turn(() -> {
            process.onStateRestored(boundary);
            node.groups().touch(group);
        });
    }

    void evictionTold() {
        // The member has noticed at its last tick that it may not look.
        long heartbeat = cluster.settings.timing().heartbeatInterval().toNanos();
        ghost.founding.looks(life, cluster.time.nanos() - heartbeat);
        node.turn(() -> {
            process.onEvictionTold();
            node.groups().touch(group);
        });
    }

    void stateLost(ViewId boundary) {
        node.turn(() -> {
            process.onStateLost(boundary);
            node.groups().touch(group);
        });
    }

    @Override
    public void send(NodeId to, GroupMessage message) {
        if (message instanceof Stable stable && !node.isDoomed()) {
            GroupView view = Objects.requireNonNull(process.view());
            ghost.stability.stable(life, view, stable.received());
        }
        if (message instanceof Received ack && !node.isDoomed()) {
            application.acknowledges(ack);
        }
        if (message instanceof Trim cut && !node.isDoomed()) {
            ghost.cut(cut);
        }
        node.send(to, group, message);
    }

    @Override
    public void deliver(NodeId sender, Packet packet) {
        GroupView view = process.view();
        if (view == null || !view.id().equals(packet.view())) {
            throw new Violation("VS4", life + " in " + view + " delivers " + packet);
        }
        if (!node.isDoomed()) {
            boolean mine = packet.to() < 0 || view.member(packet.to()).node().equals(node.id);
            application.deliver(sender, packet, mine);
        }
    }

    @Override
    public void install(ViewChange change) {
        if (node.isDoomed()) {
            return;
        }
        entered++;
        GroupView before = process.view();
        boolean fresh = change.view().id().equals(fetched);
        View from = before == null || fresh ? null : before.toView();
        cluster.trace(life, () -> "INSTALLS " + change + (from == null ? " anew" : ""));
        ghost.entered(life, change, from);
        application.install(change);
    }

    @Override
    public void captureState(ViewId boundary) {
        if (!node.isDoomed()) {
            application.capture(boundary);
        }
    }

    @Override
    public void fetchState(NodeId provider, ViewId boundary) {
        if (!node.isDoomed()) {
            cluster.trace(life, () -> "fetches the state of " + boundary + " from " + provider);
            fetched = boundary;
            ghost.newcomer(life, boundary);
            application.fetch(provider, boundary);
        }
    }

    @Override
    public void evicted(String reason) {
        if (!node.isDoomed()) {
            cluster.trace(life, () -> "EVICTED: " + reason);
            cluster.note(reason.startsWith("the state has not come") ? "evicted, the state was slow" : "evicted");
            ghost.primary.ended(life);
            application.evicted();
        }
    }

    @Override
    public void left(Member last) {
        cluster.line(group).onLeft(last);
        cluster.trace(life, () -> "LEFT");
        ghost.primary.ended(life);
        application.stop();
        node.left(this);
    }

    @Override
    public void propose(Proposal proposal) {
        if (node.isDoomed()) {
            return;
        }
        cluster.trace(life, () -> "proposes " + proposal);
        if (proposal.isFirst()) {
            TreeSet<NodeId> up = new TreeSet<>(cluster.ids());
            up.removeIf(other ->
                    !other.equals(node.id) && !node.links().connectivity().connected(other));
            ghost.founding.founds(life, proposal.view(), up, cluster.time.nanos());
        }
        if (!cluster.settings.byLog()) {
            ghost.primary.granted(proposal.view().id(), node.id, node.life());
            node.groups().majority().propose(group, proposal);
        } else if (cluster.hasMajority(node.id)) {
            // Decided in the log, and known here some time later: by then this node may have crashed or gone another
            // way.
            cluster.time.after(cluster.random.nextLong(cluster.settings.electionNanos() / 4), () -> decide(proposal));
        }
    }

    private void decide(Proposal proposal) {
        ViewId view = proposal.view().id();
        boolean granted = cluster.line(group).grant(proposal);
        long last = cluster.line(group).counter();
        cluster.trace(life, () -> proposal + (granted ? " is primary" : " is not primary"));
        if (granted) {
            ghost.primary.granted(view, node.id, node.life());
        }
        cluster.time.after(cluster.random.nextLong(cluster.settings.electionNanos() / 4), () -> {
            if (!application.isOver()) {
                node.turn(() -> {
                    process.onAgreed(proposal, granted, granted ? 0 : last, cluster.time.nanos());
                    node.groups().touch(group);
                });
            }
        });
    }

    @Override
    public void note(GroupEvent event) {
        cluster.note(event.toString());
    }
}
