package io.loggos.multicast.group.sim;

import io.loggos.api.NodeId;
import io.loggos.api.group.Ordering;
import io.loggos.api.group.Receipt;
import io.loggos.api.group.ViewChange;
import io.loggos.api.group.ViewId;
import io.loggos.multicast.group.core.model.GroupMessage.Received;
import io.loggos.multicast.group.core.model.Packet;
import io.loggos.multicast.group.sim.predicate.Ghost;
import io.loggos.multicast.group.sim.predicate.Sent;
import io.loggos.multicast.group.sim.predicate.State;
import io.loggos.testkit.Violation;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Application that listens to a group, on a thread of its own: it takes what it is handed later, in order. It keeps a state,
 * which it captures for newcomers and fetches when it is one. It answers some of what it gets.
 */
final class SimApplication {
    private static final int MOST_AT_ONCE = 16;

    /** Item that was handed over. */
    private interface Item {
        /** Takes it; false if it cannot go on before something has come. */
        boolean take();
    }

    private final SimCluster cluster;
    private final SimNode node;
    private final SimMember member;
    private final Ghost ghost;
    private final ArrayDeque<Item> queue = new ArrayDeque<>();
    private final List<Delivered> thisTurn = new ArrayList<>();
    private final List<Fate> fatesThisTurn = new ArrayList<>();
    private final TreeMap<ViewId, State> captured = new TreeMap<>();
    /** Bytes of each member that wait in the view. */
    private final TreeMap<NodeId, Long> waitingBytes = new TreeMap<>();

    private @Nullable ViewId waitingIn;
    /** Bytes that wait, over all views. */
    private long allWaitingBytes;
    /** True if it is given the state in the present view. */
    private boolean newcomer;

    /** True until it has the state and has taken most of what came meanwhile. */
    private boolean catchingUp;

    private boolean hasCaughtUp;

    private @Nullable Fetch fetching;
    private State state = State.EMPTY;
    private long stuckUntilNanos;
    private long slowness = 1;
    private boolean scheduled;
    private boolean over;

    SimApplication(SimCluster cluster, SimNode node, SimMember member) {
        this.cluster = cluster;
        this.node = node;
        this.member = member;
        this.ghost = cluster.ghost(member.group);
    }

    boolean isOver() {
        return over;
    }

    boolean isIdle() {
        return queue.isEmpty();
    }

    State state() {
        return state;
    }

    /** VS22: a member that waits for the state of its view says that it has taken what it has received. */
    void acknowledges(Received ack) {
        Fetch fetch = fetching;
        long window = cluster.settings.options().windowBytes();
        Violation.unless(
                fetch == null
                        || !fetch.boundary.equals(ack.view())
                        || allWaitingBytes > cluster.nodes.size() * window
                        || ack.consumed() == ack.received(),
                "VS22",
                () -> member.life + " waits for the state and holds up the others: " + ack);
    }

    void stickFor(long nanos) {
        cluster.trace(member.life, () -> "'s application is stuck");
        stuckUntilNanos = cluster.time.nanos() + nanos;
    }

    void slow(long times) {
        slowness = times;
    }

    void stop() {
        over = true;
        ghost.ended(member.life);
    }

    void deliver(NodeId sender, Packet packet, boolean mine) {
        catchingUp &=
                fetching != null || allWaitingBytes > cluster.settings.options().windowBytes();
        long bytes = waitingBytes.merge(sender, costBytes(packet), Long::sum);
        allWaitingBytes += costBytes(packet);
        if (!newcomer && !catchingUp) {
            // Of a member that has caught up, one more window is taken for taken.
            ghost.stability.waiting(member.life, sender, hasCaughtUp ? bytes / 2 : bytes);
        }
        ghost.stability.waiting(member.life, allWaitingBytes, catchingUp);
        Delivered delivered = new Delivered(sender, packet, mine);
        thisTurn.add(delivered);
        hand(delivered);
    }

    private static long costBytes(Packet packet) {
        // Order numbers need no credit.
        return packet.order().isEmpty() ? packet.messages().size() + 128L : 0;
    }

    void install(ViewChange change) {
        waitingBytes.clear();
        waitingIn = change.view().id();
        newcomer = fetching != null && fetching.boundary.equals(waitingIn);
        thisTurn.forEach(each -> each.next = change.view().id());
        hand(() -> {
            cluster.trace(member.life, () -> "is told " + change.view() + " with " + state);
            if (!change.merged().isEmpty()) {
                state = State.mergedIn(change.view().id());
            }
            ghost.installed(member.life, change, state);
            return true;
        });
    }

    void capture(ViewId boundary) {
        hand(() -> {
            captured.put(boundary, state);
            return true;
        });
    }

    void receipt(long id, Receipt receipt) {
        Fate fate = new Fate(id, receipt);
        fatesThisTurn.add(fate);
        hand(fate);
    }

    void fetch(NodeId provider, ViewId boundary) {
        forgetFetched();
        Fetch fetch = new Fetch(provider, boundary);
        fetching = fetch;
        catchingUp = true;
        hasCaughtUp = true;
        hand(fetch);
    }

    void evicted() {
        forgetFetched();
        hand(() -> {
            cluster.trace(member.life, () -> "is told that it is evicted");
            ghost.ended(member.life);
            member.evictionTold();
            return true;
        });
    }

    /** Drops what was handed over since it asked for a state that has not come. */
    private void forgetFetched() {
        Fetch fetch = fetching;
        if (fetch != null) {
            List<Item> kept = new ArrayList<>();
            boolean isVoid = false;
            for (Item item : queue) {
                isVoid |= item == fetch;
                if (!isVoid) {
                    kept.add(item);
                } else if (item instanceof Fate fate) {
                    kept.add(fate.afterVoid());
                }
            }
            queue.clear();
            queue.addAll(kept);
            allWaitingBytes = kept.stream()
                    .mapToLong(item -> item instanceof Delivered message ? costBytes(message.packet) : 0)
                    .sum();
            fetching = null;
        }
    }

    /** @param viewEnded whether the protocol has left its view in this turn */
    void turnEnded(boolean viewEnded) {
        if (viewEnded) {
            thisTurn.forEach(each -> each.atCut = true);
            fatesThisTurn.forEach(each -> each.atCut = true);
        }
        thisTurn.clear();
        fatesThisTurn.clear();
    }

    private void hand(Item item) {
        queue.add(item);
        wake();
    }

    private void wake() {
        if (!scheduled && !over) {
            scheduled = true;
            long delay = slowness * cluster.random.nextLong(cluster.settings.applicationNanos());
            cluster.time.at(Math.max(cluster.time.nanos() + delay, stuckUntilNanos), () -> {
                scheduled = false;
                if (node.isPaused()) {
                    wake();
                } else {
                    work();
                }
            });
        }
    }

    private void work() {
        for (int i = 0; i < MOST_AT_ONCE && !queue.isEmpty() && !over; i++) {
            if (!queue.getFirst().take()) {
                return;
            }
            queue.pollFirst();
        }
        if (!queue.isEmpty()) {
            wake();
        }
    }

    private final class Fate implements Item {
        private final long id;
        private final Receipt receipt;
        private boolean atCut;

        Fate(long id, Receipt receipt) {
            this.id = id;
            this.receipt = receipt;
        }

        /** The fate, if the delivery that it reports is void. */
        Fate afterVoid() {
            return receipt.isDelivered() ? new Fate(id, new Receipt(Receipt.Outcome.UNKNOWN, receipt.view())) : this;
        }

        @Override
        public boolean take() {
            member.settled(id, receipt, atCut);
            return true;
        }
    }

    private final class Delivered implements Item {
        private final NodeId sender;
        private final Packet packet;
        private final boolean mine;
        private boolean atCut;
        private @Nullable ViewId next;

        Delivered(NodeId sender, Packet packet, boolean mine) {
            this.sender = sender;
            this.packet = packet;
            this.mine = mine;
        }

        @Override
        public boolean take() {
            if (mine) {
                ByteBuffer messages = packet.messages().asByteBuffer();
                int count = 0;
                // To answer may be what the node crashes in.
                for (; messages.hasRemaining() && !over; count++) {
                    int size = messages.getInt();
                    long id = messages.getLong();
                    messages.position(messages.position() + size - Long.BYTES);
                    give(id);
                }
                int taken = count;
                Violation.unless(
                        over || taken == packet.count(), "VS5", () -> taken + " messages, not as said in " + packet);
            }
            allWaitingBytes -= costBytes(packet);
            if (packet.view().equals(waitingIn)) {
                waitingBytes.merge(sender, -costBytes(packet), Long::sum);
            }
            member.consumed(packet.view(), packet.origin(), packet.number());
            return true;
        }

        private void give(long id) {
            cluster.trace(member.life, () -> "is given " + ghost.message(id) + (atCut ? " at the end" : ""));
            Sent message = ghost.delivered(member.life, sender, id, packet.view(), atCut, next);
            state = state.after(message);
            if (cluster.random.nextInt(20) == 0) {
                Ordering ordering = cluster.random.nextBoolean() ? Ordering.CAUSAL : Ordering.CAUSAL_TOTAL;
                member.submit(ordering, cluster.settings.options().delivery(), null, 0);
            }
        }
    }

    /** Request for a state, repeated until the state comes or the tries are used up. */
    private final class Fetch implements Item {
        private final NodeId provider;
        private final ViewId boundary;
        private boolean begun;
        private int tries;

        Fetch(NodeId provider, ViewId boundary) {
            this.provider = provider;
            this.boundary = boundary;
        }

        @Override
        public boolean take() {
            if (!begun) {
                begun = true;
                // A newer state replaces all that it was told.
                ghost.ended(member.life);
                tries = cluster.random.nextInt(4, 20);
                ask();
            }
            return false;
        }

        private void ask() {
            long delay = node.transferSlowness() * cluster.random.nextLong(cluster.settings.electionNanos() / 4);
            cluster.time.after(delay, () -> {
                if (over || fetching != this) {
                    return;
                }
                State found = find();
                if (node.isPaused() || (found == null && tries-- > 0)) {
                    ask();
                } else if (found == null || cluster.losesState() || node.failsToRestore()) {
                    cluster.note("state lost");
                    member.stateLost(boundary);
                } else {
                    restore(found);
                }
            });
        }

        private @Nullable State find() {
            SimMember giver = cluster.node(provider).members.get(member.group);
            boolean reached = !cluster.network.isCut(provider, node.id) && !cluster.network.isCut(node.id, provider);
            return giver == null || !reached ? null : giver.application.captured.get(boundary);
        }

        private void restore(State found) {
            state = found;
            fetching = null;
            cluster.trace(member.life, () -> "is given the state " + found + " of " + boundary);
            ghost.states.restored(member.life, boundary, found, provider);
            queue.remove(this);
            member.stateRestored(boundary);
            wake();
        }
    }
}
