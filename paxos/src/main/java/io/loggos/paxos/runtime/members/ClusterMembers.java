package io.loggos.paxos.runtime.members;

import io.loggos.api.Address;
import io.loggos.api.Bytes;
import io.loggos.api.LogId;
import io.loggos.api.NodeId;
import io.loggos.api.member.Member.Role;
import io.loggos.api.node.NodeOptions;
import io.loggos.api.spi.Roster;
import io.loggos.paxos.core.model.Configuration;
import io.loggos.paxos.core.model.Configuration.Member;
import io.loggos.paxos.members.Membership;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;

/**
 * The members of the cluster as this node knows them. Each change is on disk before anybody is told.
 *
 * <p>The loop changes it; any thread may read it.
 */
public final class ClusterMembers {
    /** Receives changes, on the loop's thread. */
    @FunctionalInterface
    public interface Listener {
        void onMembers(Membership before, Membership now, long at);
    }

    private final NodeId self;
    private final Roster roster;
    private final SortedMap<NodeId, Address> configured;
    private final List<Listener> listeners = new ArrayList<>();
    /** The nodes of the present configuration. Any thread may iterate. */
    private final ConcurrentSkipListSet<NodeId> nodes = new ConcurrentSkipListSet<>();

    private volatile Membership membership;

    /** Takes what is on disk, and otherwise what the options say. */
    public ClusterMembers(NodeOptions options, Roster roster) {
        this(options.id(), options.members(), options.join() != null, roster);
    }

    /**
     * Takes what is on disk, and otherwise these nodes.
     *
     * @param joins true if this node is to join them; otherwise they form a cluster
     */
    public ClusterMembers(NodeId self, SortedMap<NodeId, Address> nodes, boolean joins, Roster roster) {
        this.self = self;
        this.roster = roster;
        this.configured = nodes;
        Optional<Bytes> stored = roster.membership();
        if (stored.isPresent()) {
            membership = Membership.of(stored.get());
        } else if (joins) {
            membership = Membership.toJoin(new TreeSet<>(configured.keySet()));
        } else {
            List<Member> members = new ArrayList<>();
            configured.forEach((node, address) -> members.add(new Member(node, 0, address.toString(), Role.VOTER, 0)));
            membership = Membership.initial(new Configuration(1, members));
        }
        this.nodes.addAll(present());
    }

    /** Of a node that is to join, none but itself. */
    private List<NodeId> present() {
        Configuration present = membership.present();
        return present.number() == 0 ? List.of(self) : present.nodes();
    }

    /** Adds a listener. Before the first turn. */
    public void listen(Listener listener) {
        listeners.add(listener);
    }

    public NodeId self() {
        return self;
    }

    public Membership get() {
        return membership;
    }

    /** True if this node's store is a member of the present configuration. */
    public boolean isMember() {
        return membership.present().has(self, roster.incarnation())
                && membership.present().number() > 0;
    }

    /** The nodes of the present configuration, which changes. */
    public SortedSet<NodeId> nodes() {
        return nodes;
    }

    /** The other nodes to which this one has links. */
    public SortedSet<NodeId> peers() {
        SortedSet<NodeId> peers = membership.linked();
        peers.remove(self);
        return peers;
    }

    /** The addresses of the peers; of a node that is to join, those that it asks. */
    public SortedMap<NodeId, Address> addresses() {
        Membership now = membership;
        TreeMap<NodeId, Address> addresses = new TreeMap<>();
        if (now.present().number() == 0) {
            addresses.putAll(configured);
        }
        Configuration previous = now.previous();
        if (previous != null) {
            previous.members().forEach(member -> addresses.put(member.node(), Address.parse(member.address())));
        }
        if (now.present().number() > 0) {
            now.present().members().forEach(member -> addresses.put(member.node(), Address.parse(member.address())));
        }
        addresses.remove(self);
        return addresses;
    }

    /**
     * Tells if the store of a peer is a member of a configuration.
     *
     * @param incarnation the store, which is the one that this node has met under the id of the peer
     */
    public boolean has(Configuration configuration, NodeId node, long incarnation) {
        Member member = configuration.member(node);
        if (member == null) {
            return false;
        }
        long store = member.incarnation();
        if (store == 0 && configuration.number() == 1) {
            Configuration first = membership.first();
            Member founder = first == null ? null : first.member(node);
            store = founder == null ? 0 : founder.incarnation();
        }
        // The founders' stores are written down before the first change.
        return store == 0 || store == incarnation;
    }

    /** Tells if a store is a member of the present configuration. */
    boolean isPresent(NodeId node, long incarnation) {
        Member member = withStores().member(node);
        return member != null && member.incarnation() == incarnation;
    }

    private long met(NodeId node) {
        return node.equals(self) ? roster.incarnation() : roster.met(node).orElse(0L);
    }

    /** True if this node was a founder of the cluster, and all founders have met it. */
    public boolean isFormed() {
        Configuration first = membership.first();
        return first != null
                && first.nodes().stream()
                        .allMatch(node ->
                                node.equals(self) || roster.rememberedBy().contains(node));
    }

    /** The founders that have not met this node, while no change has replaced them. */
    public SortedSet<NodeId> unmet() {
        TreeSet<NodeId> unmet = new TreeSet<>();
        if (membership.present().number() == 1) {
            unmet.addAll(peers());
            unmet.removeAll(roster.rememberedBy());
        }
        return unmet;
    }

    /** Returns the present configuration with the stores of all members. Their stores are 0 if they were not met. */
    public Configuration withStores() {
        return withStores(membership.present());
    }

    private Configuration withStores(Configuration configuration) {
        if (configuration.number() != 1) {
            return configuration; // It names all stores.
        }
        return new Configuration(
                configuration.number(),
                configuration.members().stream()
                        .map(member -> member.incarnation() != 0
                                ? member
                                : new Member(
                                        member.node(),
                                        met(member.node()),
                                        member.address(),
                                        member.role(),
                                        member.replaces()))
                        .toList());
    }

    /** Begins no new logs before the configuration with this number. */
    void seal(long number, long at) {
        Configuration first = membership.first();
        change(membership.sealedFor(number, first == null ? null : withStores(first)), at);
    }

    /** Enters the next configuration. */
    void enter(Configuration next, SortedMap<LogId, Long> catalogue, long at) {
        change(membership.in(next, catalogue), at);
    }

    /** Notes that the last change is complete. */
    void complete(long at) {
        change(membership.complete(), at);
    }

    /** Takes what a member has told this node, which is a member now. */
    void join(Membership told, long at) {
        change(told, at);
    }

    private void change(Membership next, long at) {
        Membership before = membership;
        for (Member member : next.present().members()) {
            if (!member.node().equals(self) && member.incarnation() != 0) {
                roster.replace(member.node(), member.incarnation());
            }
        }
        roster.membership(next.toBytes());
        membership = next;
        nodes.addAll(present());
        nodes.retainAll(present());
        listeners.forEach(listener -> listener.onMembers(before, next, at));
    }
}
