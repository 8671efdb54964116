package io.loggos.api.node;

import io.loggos.api.Address;
import io.loggos.api.InvalidOptionsException;
import io.loggos.api.NodeId;
import io.loggos.api.StorageException;
import io.loggos.api.TransportException;
import io.loggos.api.spi.Meters;
import io.loggos.internal.options.OptionChecks;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Collects the options of a node. {@link #open} checks them and reports all problems at once.
 *
 * <p>Not safe for use by several threads.
 */
public final class NodeBuilder {
    /** The required options that were not given yet. */
    private final LinkedHashSet<String> missing = new LinkedHashSet<>(List.of("id", "listen", "dataDirectory"));

    private final List<String> problems = new ArrayList<>();
    private final TreeMap<NodeId, Address> peers = new TreeMap<>();
    private String clusterId = "loggos";
    private TimingOptions timing = TimingOptions.defaults();
    private TransportOptions transport = TransportOptions.defaults();
    private StorageOptions storage = StorageOptions.defaults();
    private UserCodeOptions userCode = UserCodeOptions.defaults();
    private SecurityOptions security = SecurityOptions.defaults();
    private Meters meters = Meters.NONE;
    private @Nullable JoinOptions join;
    private @Nullable NodeId id;
    private @Nullable Address listen;
    private @Nullable Path dataDirectory;

    NodeBuilder() {}

    /** Name of the cluster, the same on all its nodes: 1 to 128 characters, by default {@code loggos}. */
    public NodeBuilder clusterId(String name) {
        clusterId = name;
        return this;
    }

    /** Number of this node in its cluster, 1 to 65,535. Required. */
    public NodeBuilder id(int number) {
        missing.remove("id");
        id = checked(() -> NodeId.of(number));
        return this;
    }

    /** Number of this node in its cluster. Required. */
    public NodeBuilder id(NodeId number) {
        missing.remove("id");
        id = number;
        return this;
    }

    /** Address on which this node listens for its peers, as {@code host:port}. Required; port 0 for a free one. */
    public NodeBuilder listen(String address) {
        missing.remove("listen");
        listen = checked(() -> Address.parse(address));
        return this;
    }

    /** Address on which this node listens for its peers. Required; port 0 for a free one. */
    public NodeBuilder listen(Address address) {
        missing.remove("listen");
        listen = address;
        return this;
    }

    /** Another node of the cluster, and its address as {@code host:port}. At most 30; by default none. */
    public NodeBuilder peer(int number, String address) {
        NodeId peer = checked(() -> NodeId.of(number));
        Address at = checked(() -> Address.parse(address));
        if (peer != null && at != null && peers.put(peer, at) != null) {
            problems.add("peer " + number + " is given twice");
        }
        return this;
    }

    /** All other nodes of the cluster and their addresses, in place of those given before. At most 30. */
    public NodeBuilder peers(Map<NodeId, Address> others) {
        peers.clear();
        peers.putAll(others);
        return this;
    }

    /**
     * Joins a running cluster instead of forming a new one. The peers are the members that are asked, in turn; one is
     * enough.
     *
     * <p>The node begins with an empty directory. It is a learner until it has all state, and then becomes a voter. The others
     * learn its address from itself. Once it is a member, neither this option nor the peers matter any more.
     */
    public NodeBuilder join(JoinOptions options) {
        join = options;
        return this;
    }

    /** Directory of this node, which no other node may use. Required; created if it does not exist. */
    public NodeBuilder dataDirectory(Path directory) {
        missing.remove("dataDirectory");
        dataDirectory = directory;
        return this;
    }

    /** Intervals that decide how fast failures are noticed; by default {@link TimingOptions#defaults}. */
    public NodeBuilder timing(TimingOptions options) {
        timing = options;
        return this;
    }

    /** Limits of the links; by default {@link TransportOptions#defaults}. */
    public NodeBuilder transport(TransportOptions options) {
        transport = options;
        return this;
    }

    /** Limits of the acceptor log; by default {@link StorageOptions#defaults}. */
    public NodeBuilder storage(StorageOptions options) {
        storage = options;
        return this;
    }

    /** Threads, time limits and errors of the application's code; by default {@link UserCodeOptions#defaults}. */
    public NodeBuilder userCode(UserCodeOptions options) {
        userCode = options;
        return this;
    }

    /**
     * Certificates or a shared secret that keep strangers out; by default {@link SecurityOptions#defaults}.
     *
     * <p>A node without both listens on a loopback address only, unless it is told that the network is trusted.
     */
    public NodeBuilder security(SecurityOptions options) {
        security = options;
        return this;
    }

    /**
     * Receiver of measurements; by default {@link Meters#NONE}.
     *
     * <p>{@code MicrometerMeters.of(registry)} from {@code loggos-paxos} reports to Micrometer.
     */
    public NodeBuilder meters(Meters target) {
        meters = target;
        return this;
    }

    /**
     * Opens the data directory, listens, and begins to connect to the peers. Returns without waiting for them.
     *
     * @throws InvalidOptionsException listing everything that is wrong
     * @throws StorageException if the data directory cannot be used
     * @throws TransportException if the node cannot listen on the address
     * @throws IllegalStateException if no implementation of Loggos is on the class path
     */
    public Node open() {
        NodeOptions options = build();
        return ServiceLoader.load(NodeProvider.class, NodeProvider.class.getClassLoader())
                .findFirst()
                .orElseThrow(() ->
                        new IllegalStateException("no implementation of Loggos on the class path: add loggos-paxos"))
                .open(options, meters);
    }

    /**
     * Returns the checked options.
     *
     * @throws InvalidOptionsException listing everything that is wrong
     */
    public NodeOptions build() {
        OptionChecks checks = new OptionChecks();
        problems.forEach(checks::add);
        missing.forEach(option -> checks.add(option + " is required"));
        NodeOptions.check(checks, clusterId, id, peers).done();
        return new NodeOptions(
                clusterId,
                Objects.requireNonNull(id),
                Objects.requireNonNull(listen),
                peers,
                Objects.requireNonNull(dataDirectory),
                timing,
                transport,
                storage,
                userCode,
                security,
                join);
    }

    private <T> @Nullable T checked(Supplier<T> value) {
        try {
            return value.get();
        } catch (IllegalArgumentException e) {
            problems.add(String.valueOf(e.getMessage()));
            return null;
        }
    }
}
