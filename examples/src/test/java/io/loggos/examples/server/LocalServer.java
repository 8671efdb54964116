package io.loggos.examples.server;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.loggos.api.Address;
import io.loggos.api.NodeId;
import io.loggos.api.kv.KeyValueStore;
import io.loggos.api.member.MemberChange;
import io.loggos.api.member.MemberChangeException;
import io.loggos.api.node.NodeStatus;
import io.loggos.examples.server.etcd.Members;
import io.loggos.examples.server.monitor.Health;
import io.loggos.examples.server.monitor.MonitorPages;
import io.loggos.storage.kv.KeyValueStateMachine;
import io.loggos.storage.kv.UserThreads;
import io.loggos.storage.kv.rows.MemoryOrderedStore;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** The etcd front on a store in memory, and a channel to it. */
public final class LocalServer implements AutoCloseable {
    public final LocalReplica replica;
    final Members members;
    final MonitorPages pages;
    /** The changes of the members that were asked for. Each is complete at once. */
    final List<MemberChange> asked = new CopyOnWriteArrayList<>();

    final Function<MemberChange, CompletableFuture<?>> changes = change -> {
        asked.add(change);
        return change.id().equals(NodeId.of(3))
                ? CompletableFuture.failedFuture(
                        new MemberChangeException(MemberChangeException.Reason.UNREACHABLE, "3"))
                : CompletableFuture.completedFuture(null);
    };
    final EtcdFront front;
    public final ManagedChannel channel;
    final KeyValueStore store;

    public LocalServer() {
        KeyValueStateMachine machine = new KeyValueStateMachine(new MemoryOrderedStore());
        replica = new LocalReplica(machine);
        store = UserThreads.store(replica, machine);
        members = members();
        Health health = new Health(Duration.ofSeconds(10));
        pages = new MonitorPages(health, () -> "loggos_leading 1\n", "3.5.0");
        health.opened(store, this::status);
        front = EtcdFront.open(
                List.of(new Address("127.0.0.1", 0)),
                StoreLimits.USUAL.maxRequestBytes(),
                store,
                this::status,
                members,
                changes,
                List.of(),
                pages,
                ClientSecurity.NONE,
                null);
        channel = connect(front.listening());
    }

    /** Creates a channel without encryption. */
    static ManagedChannel connect(Address address) {
        return NettyChannelBuilder.forTarget("dns:///" + address).usePlaintext().build();
    }

    /** Returns the address for clients. */
    public Address address() {
        return front.listening();
    }

    /** Closes the port for clients. */
    public void stop() {
        front.close();
    }

    @Override
    public void close() {
        channel.shutdownNow();
        front.close();
        store.close();
    }

    private static Members members() {
        return new Members(
                "test",
                NodeId.of(1),
                () -> List.of(
                        member(1, List.of("http://127.0.0.1:8001"), false),
                        member(2, List.of("http://[::1]:8002"), false),
                        member(3, List.of(), false),
                        member(4, List.of(), true)));
    }

    private static Members.Member member(int id, List<String> clients, boolean learner) {
        NodeId node = NodeId.of(id);
        return new Members.Member(
                Members.number("test", node), node, List.of("http://127.0.0.1:" + (7000 + id)), clients, learner);
    }

    NodeStatus status() {
        TreeSet<NodeId> all = new TreeSet<>(List.of(NodeId.of(1), NodeId.of(2), NodeId.of(3)));
        return new NodeStatus(
                NodeId.of(1), "test", 99, all, true, new TreeSet<>(), null, new TreeMap<>(), List.of(replica.status()));
    }
}
