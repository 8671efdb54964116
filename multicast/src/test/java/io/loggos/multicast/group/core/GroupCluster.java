package io.loggos.multicast.group.core;

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
import io.loggos.internal.codec.ByteReader;
import io.loggos.internal.codec.MalformedException;
import io.loggos.multicast.Connectivity;
import io.loggos.multicast.group.core.model.GroupEffects;
import io.loggos.multicast.group.core.model.GroupEvent;
import io.loggos.multicast.group.core.model.GroupMessage;
import io.loggos.multicast.group.core.model.GroupSettings;
import io.loggos.multicast.group.core.model.GroupView;
import io.loggos.multicast.group.core.model.LifeNumbers;
import io.loggos.multicast.group.core.model.Member;
import io.loggos.multicast.group.core.model.Packet;
import io.loggos.multicast.group.core.model.PendingReceipt;
import io.loggos.multicast.group.core.model.Proposal;
import io.loggos.multicast.group.core.model.SendQueue;
import io.loggos.multicast.group.core.model.Submission;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** The processes of one group on FIFO links that lose nothing unless told to, step by step. */
final class GroupCluster {
    static final GroupId GROUP = GroupId.ofName("test");

    private final TreeMap<NodeId, Site> sites = new TreeMap<>();
    private final TreeSet<NodeId> nodes = new TreeSet<>();
    private final GroupWire wire = new GroupWire();
    private final TreeSet<NodeId> dead = new TreeSet<>();
    /** Nodes that have failed and still seem to be connected. */
    private final TreeSet<NodeId> unnoticed = new TreeSet<>();

    private long starts;
    private int frameBytes = 4 << 20;
    private final GroupOptions options;
    private long now = 1_000_000_000L;

    GroupCluster(int size, GroupOptions options) {
        this.options = options;
        for (int i = 1; i <= size; i++) {
            nodes.add(NodeId.of(i));
        }
    }

    /** One node, and the events that its application was told. */
    final class Site implements GroupEffects, Connectivity {
        final NodeId id;
        final Groups groups;
        final GroupProcess process;
        private final LifeNumbers lives;
        final List<String> delivered = new ArrayList<>();
        final List<ViewChange> views = new ArrayList<>();
        final List<String> events = new ArrayList<>();
        private final ArrayDeque<Submission> queue = new ArrayDeque<>();
        boolean takes = true;
        /** True while the application does not take the news of its evictions. */
        boolean stuck;
        /** The state that the application waits for. */
        @Nullable
        ViewId fetching;

        private int untoldEvictions;
        private boolean over;

        /** @param before the same node before it joins again; null if it starts */
        Site(NodeId id, @Nullable Site before) {
            this.id = id;
            lives = before == null ? new LifeNumbers(LifeNumbers.ofProcess(++starts, 0, 0)) : before.lives;
            groups = before == null
                    ? new Groups(id, nodes, TimingOptions.defaults(), lives, (to, group, message) -> post(to, message))
                    : before.groups;
            GroupSettings settings = new GroupSettings(GROUP, id, nodes, TimingOptions.defaults(), options, frameBytes);
            process = new GroupProcess(
                    settings,
                    this,
                    new SendQueue() {
                        @Override
                        public @Nullable Submission peek() {
                            return queue.peek();
                        }

                        @Override
                        public Submission poll() {
                            return queue.remove();
                        }
                    },
                    lives,
                    this);
        }

        private void post(NodeId to, GroupMessage message) {
            wire.post(id, to, message);
        }

        void send(String text, Ordering ordering, Delivery delivery) {
            queue.add(new Submission(Bytes.utf8(text), ordering, delivery, null));
            groups.touch(GROUP);
        }

        void send(String text, Ordering ordering) {
            send(text, ordering, Delivery.ON_RECEIPT);
        }

        void sendTo(int node, String text) {
            queue.add(new Submission(Bytes.utf8(text), Ordering.FIFO, Delivery.ON_RECEIPT, NodeId.of(node)));
            groups.touch(GROUP);
        }

        /** Sends, and returns the receipts that come. */
        List<Receipt> ask(String text, Delivery delivery, @Nullable NodeId to) {
            List<Receipt> receipts = new ArrayList<>();
            queue.add(new Submission(
                    Bytes.utf8(text), Packet.Content.MESSAGES, Ordering.FIFO, delivery, to, receipts::add));
            groups.touch(GROUP);
            return receipts;
        }

        ViewChange view() {
            return views.get(views.size() - 1);
        }

        @Override
        public boolean connected(NodeId peer) {
            return !dead.contains(peer) && (peer.equals(id) || (isUp(peer) && !wire.isCut(id, peer)));
        }

        @Override
        public boolean connected(NodeId one, NodeId other) {
            return !dead.contains(one) && !dead.contains(other) && !wire.isCut(one, other);
        }

        @Override
        public void send(NodeId to, GroupMessage message) {
            post(to, message);
        }

        @Override
        public void deliver(NodeId sender, Packet packet) {
            ByteReader reader = new ByteReader(packet.messages());
            boolean mine = packet.to() < 0 || views.get(views.size() - 1).view().rank(id) == packet.to();
            for (int i = 0; i < packet.count(); i++) {
                String text = reader.getText();
                if (mine) {
                    delivered.add(text);
                    events.add(text);
                }
            }
            if (takes) {
                process.onConsumed(packet.view(), packet.origin(), packet.number());
            }
        }

        @Override
        public void install(ViewChange change) {
            views.add(change);
            events.add(change.view().toString());
        }

        @Override
        public void receipt(PendingReceipt pending, Receipt receipt) {
            pending.end(receipt);
        }

        @Override
        public void captureState(ViewId boundary) {
            events.add("capture " + boundary);
        }

        @Override
        public void fetchState(NodeId provider, ViewId boundary) {
            events.add("fetch " + boundary + " from " + provider);
            fetching = boundary;
        }

        @Override
        public void evicted(String reason) {
            events.add("evicted: " + reason);
            fetching = null;
            untoldEvictions++;
        }

        /** The application takes what it is told, unless it is stuck. */
        private void work() {
            for (; untoldEvictions > 0 && !stuck; untoldEvictions--) {
                process.onEvictionTold();
            }
            if (over) {
                groups.close(GROUP);
            }
        }

        void leave() {
            process.leave(now);
            groups.touch(GROUP);
        }

        /** The state that the application waits for has come. */
        void restore() {
            ViewId boundary = Objects.requireNonNull(fetching);
            fetching = null;
            process.onStateRestored(boundary);
            groups.touch(GROUP);
        }

        /** The state that the application waits for cannot be restored. */
        void loseState() {
            ViewId boundary = Objects.requireNonNull(fetching);
            fetching = null;
            process.onStateLost(boundary);
            groups.touch(GROUP);
        }

        /** Members of the view that the process is in; none if it is in none. */
        List<NodeId> members() {
            GroupView view = process.view();
            return view == null ? List.of() : view.toView().members();
        }

        @Override
        public void left(Member last) {
            events.add("left");
            over = true;
        }

        @Override
        public void propose(Proposal proposal) {
            groups.majority().propose(GROUP, proposal);
        }

        @Override
        public void note(GroupEvent event) {}
    }

    long messages() {
        return wire.messages();
    }

    long bytes() {
        return wire.bytes();
    }

    /** The size of the largest frame that a message would have needed so far. */
    long largestFrameBytes() {
        return wire.largestFrameBytes();
    }

    /** Sets the size of frames; before the first node starts. */
    void frames(int newFrameBytes) {
        frameBytes = newFrameBytes;
    }

    Site start(int number) {
        Site site = startWithout(number);
        join(site);
        return site;
    }

    /** Starts a node, or starts it anew before anybody has missed it; nothing takes part there. */
    Site startWithout(int number) {
        Site site = new Site(NodeId.of(number), null);
        boolean again = sites.put(site.id, site) != null;
        dead.remove(site.id);
        changed();
        if (again) {
            sites.values().stream()
                    .filter(other -> other != site)
                    .forEach(other -> other.groups.onOutgoingReset(site.id, now));
        }
        return site;
    }

    Site rejoin(int number) {
        Site site = new Site(NodeId.of(number), site(number));
        sites.put(site.id, site);
        join(site);
        return site;
    }

    void join(Site site) {
        site.groups.open(GROUP, site.process, now);
        changed();
    }

    /** Has a peer say something that no sound node says; returns whether it was refused. */
    boolean say(int from, int to, GroupMessage message) {
        try {
            site(to).groups.onMessage(NodeId.of(from), GROUP, message, now);
            return false;
        } catch (MalformedException e) {
            return true;
        }
    }

    Site site(int number) {
        Site site = sites.get(NodeId.of(number));
        if (site == null) {
            throw new IllegalArgumentException("no node " + number);
        }
        return site;
    }

    /** Lets a node fail: nothing more of it arrives, except messages already in flight. */
    void kill(int number) {
        NodeId id = NodeId.of(number);
        sites.remove(id);
        dead.add(id);
        changed();
    }

    /** Lets a node fail, which nobody notices. */
    void killUnnoticed(int number) {
        NodeId id = NodeId.of(number);
        sites.remove(id);
        unnoticed.add(id);
    }

    private boolean isUp(NodeId id) {
        return sites.containsKey(id) || unnoticed.contains(id);
    }

    /** Sets which nodes cannot reach each other; messages in flight between them are lost. */
    void trim(BiPredicate<Integer, Integer> newCut) {
        wire.cut(newCut);
        changed();
        for (Site site : List.copyOf(sites.values())) {
            for (NodeId peer : nodes) {
                if (!peer.equals(site.id) && sites.containsKey(peer) && !wire.isCut(site.id, peer)) {
                    site.groups.onOutgoingReset(peer, now);
                }
            }
        }
    }

    void hold(BiPredicate<NodeId, GroupMessage> which) {
        wire.hold(which);
    }

    void release() {
        wire.release();
    }

    void changed() {
        for (Site site : List.copyOf(sites.values())) {
            site.groups.onConnectivity(now);
        }
    }

    void settle() {
        int most = 1_000_000;
        do {
            for (Site site : List.copyOf(sites.values())) {
                site.groups.endTurn(now);
                site.work();
                site.process.checkInvariants();
            }
            GroupWire.Sent sent = wire.poll();
            Site to = sent == null ? null : sites.get(sent.to());
            if (sent != null && to != null) {
                to.groups.onMessage(sent.from(), GROUP, sent.message(), now);
            }
            if (--most == 0) {
                throw new IllegalStateException("it never comes to rest");
            }
        } while (!wire.isEmpty() || sites.values().stream().anyMatch(site -> site.groups.nextTickNanos() <= now));
    }

    long now() {
        return now;
    }

    void run(long millis) {
        for (long end = now + millis * 1_000_000; now < end; now += 10_000_000) {
            settle();
        }
        settle();
    }

    /** Starts nodes 1 to n and waits until they are in one view. */
    void startAll() {
        for (NodeId node : nodes) {
            start(node.value());
            run(400);
        }
    }
}
