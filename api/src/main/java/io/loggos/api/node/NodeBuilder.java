package io.loggos.api.node;

import io.loggos.api.Address;
import io.loggos.api.InvalidOptionsException;
import io.loggos.api.NodeId;
import io.loggos.api.StorageException;
import io.loggos.api.TransportException;
import io.loggos.api.spi.Meters;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Collects the options of a node. {@link #open} checks them and reports all problems at once. */
public final class NodeBuilder {
    private final List<String> problems = new ArrayList<>();
    private final TreeMap<NodeId, Address> peers = new TreeMap<>();
    private String clusterId = "loggos";
    private TimingOptions timing = TimingOptions.defaults();
    private TransportOptions transport = TransportOptions.defaults();
    private StorageOptions storage = StorageOptions.defaults();
    private Meters meters = Meters.NONE;
    private @Nullable NodeId id;
    private @Nullable Address listen;
    private @Nullable Path dataDirectory;

    NodeBuilder() {}

    /** The name of the cluster; {@code loggos} by default. All its nodes must have the same. */
    public NodeBuilder clusterId(String name) {
        clusterId = name;
        return this;
    }

    /** The number of this node, 1 to 65,535. Required. */
    public NodeBuilder id(int number) {
        id = checked(() -> NodeId.of(number));
        return this;
    }

    /** The address on which this node listens for its peers, as {@code host:port}. Required. */
    public NodeBuilder listen(String address) {
        listen = checked(() -> Address.parse(address));
        return this;
    }

    /** Another node of the cluster and the address on which it listens, as {@code host:port}. */
    public NodeBuilder peer(int number, String address) {
        NodeId peer = checked(() -> NodeId.of(number));
        Address at = checked(() -> Address.parse(address));
        if (peer != null && at != null && peers.put(peer, at) != null) {
            problems.add("peer " + number + " is given twice");
        }
        return this;
    }

    /** The data directory, which only this node may use. Required; created if it does not exist. */
    public NodeBuilder dataDirectory(Path directory) {
        dataDirectory = directory;
        return this;
    }

    /** The timeouts, which decide how fast failures are noticed. */
    public NodeBuilder timing(TimingOptions options) {
        timing = options;
        return this;
    }

    /** The limits of the links. */
    public NodeBuilder transport(TransportOptions options) {
        transport = options;
        return this;
    }

    /** The way in which the log uses the disk. */
    public NodeBuilder storage(StorageOptions options) {
        storage = options;
        return this;
    }

    /** The receiver of measurements, for instance {@code MicrometerMeters.of(registry)} from {@code loggos-paxos}. */
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
        List<String> found = new ArrayList<>(problems);
        if (id == null && problems.stream().noneMatch(p -> p.startsWith("a node id"))) {
            found.add("id is required");
        }
        if (listen == null && problems.isEmpty()) {
            found.add("listen is required");
        }
        if (dataDirectory == null) {
            found.add("dataDirectory is required");
        }
        if (id == null || listen == null || dataDirectory == null || !found.isEmpty()) {
            throw new InvalidOptionsException(found);
        }
        return new NodeOptions(clusterId, id, listen, peers, dataDirectory, timing, transport, storage);
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
