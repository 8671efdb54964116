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
import io.loggos.multicast.Connectivity;
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
import io.loggos.multicast.group.wire.GroupCodec;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** The processes of one group on FIFO links that lose nothing unless told to, step by step. */
final class GroupCluster {
    static final GroupId GROUP = GroupId.ofName("test");

    private record Sent(NodeId from, NodeId to, GroupMessage message) {}

    private final TreeMap<NodeId, Site> sites = new TreeMap<>();
    private final TreeSet<NodeId> nodes = new TreeSet<>();
    private final ArrayDeque<Sent> wire = new ArrayDeque<>();
    private final TreeSet<NodeId> dead = new TreeSet<>();
    private BiPredicate<Integer, Integer> trim = (one, other) -> false;
    private BiPredicate<NodeId, GroupMessage> held = (to, message) -> false;
    private final ArrayDeque<Sent> holding = new ArrayDeque<>();
    private long starts;
    private final GroupOptions options;
    private long now = 1_000_000_000L;
    private long messages;
    private long bytes;

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
        final List<String> delivered = new ArrayList<>();
        final List<ViewChange> views = new ArrayList<>();
        final List<String> events = new ArrayList<>();
        private final ArrayDeque<Submission> queue = new ArrayDeque<>();
        boolean takes = true;

        Site(NodeId id) {
            this.id = id;
            groups = new Groups(id, nodes, TimingOptions.defaults(), (to, group, message) -> post(to, message));
            GroupSettings settings = new GroupSettings(GROUP, id, nodes, TimingOptions.defaults(), options);
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
                    new LifeNumbers(LifeNumbers.ofProcess(++starts, 0)),
                    this);
        }

        private void post(NodeId to, GroupMessage message) {
            GroupCodec.Encoded encoded = GroupCodec.encode(id, GROUP, message);
            messages++;
            bytes += encoded.head().size() + encoded.body().size();
            wire.add(new Sent(id, to, message));
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
            return !dead.contains(peer) && (peer.equals(id) || (sites.containsKey(peer) && !isCut(id, peer)));
        }

        @Override
        public boolean connected(NodeId one, NodeId other) {
            return !dead.contains(one) && !dead.contains(other) && !isCut(one, other);
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
        }

        @Override
        public void evicted(String reason) {
            events.add("evicted: " + reason);
        }

        @Override
        public void left(Member last) {
            events.add("left");
        }

        @Override
        public void propose(Proposal proposal) {
            groups.majority().propose(GROUP, proposal);
        }

        @Override
        public void note(GroupEvent event) {}
    }

    /** Number of messages sent so far. */
    long messages() {
        return messages;
    }

    /** Number of bytes sent so far. */
    long bytes() {
        return bytes;
    }

    /** Starts a node, which takes part from then on. */
    Site start(int number) {
        return start(number, true);
    }

    /** Starts a node, which takes part in the group or is only up. */
    Site start(int number, boolean joins) {
        Site site = new Site(NodeId.of(number));
        sites.put(site.id, site);
        dead.remove(site.id);
        changed();
        if (joins) {
            join(site);
        }
        return site;
    }

    void join(Site site) {
        site.groups.open(GROUP, site.process, now);
        changed();
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

    /** Sets which nodes cannot reach each other; messages in flight between them are lost. */
    void trim(BiPredicate<Integer, Integer> newCut) {
        trim = newCut;
        changed();
        for (Site site : List.copyOf(sites.values())) {
            for (NodeId peer : nodes) {
                if (!peer.equals(site.id) && sites.containsKey(peer) && !isCut(site.id, peer)) {
                    site.groups.onOutgoingReset(peer, now);
                }
            }
        }
    }

    /** Holds messages back until they are released. */
    void hold(BiPredicate<NodeId, GroupMessage> which) {
        held = which;
    }

    void release() {
        held = (to, message) -> false;
        wire.addAll(holding);
        holding.clear();
    }

    private boolean isCut(NodeId one, NodeId other) {
        return trim.test(one.value(), other.value()) || trim.test(other.value(), one.value());
    }

    void changed() {
        for (Site site : List.copyOf(sites.values())) {
            site.groups.onConnectivity(now);
        }
    }

    /** Delivers until no message is in flight. */
    void settle() {
        int most = 1_000_000;
        do {
            for (Site site : List.copyOf(sites.values())) {
                site.groups.endTurn(now);
                site.process.checkInvariants();
            }
            Sent sent = wire.poll();
            if (sent != null && !isCut(sent.from, sent.to)) {
                Site to = sites.get(sent.to);
                if (held.test(sent.to, sent.message)) {
                    holding.add(sent);
                } else if (to != null) {
                    to.groups.onMessage(sent.from, GROUP, sent.message, now);
                }
            }
            if (--most == 0) {
                throw new IllegalStateException("it never comes to rest");
            }
        } while (!wire.isEmpty() || sites.values().stream().anyMatch(site -> site.groups.nextTickNanos() <= now));
    }

    long now() {
        return now;
    }

    /** Lets time pass. */
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
