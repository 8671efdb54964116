package io.loggos.api;

import io.loggos.api.spi.Meters;
import io.loggos.api.spi.NodeProvider;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Collects the options of a node. Nothing is checked before {@link #open}, which reports all at once. */
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

    /** The name of the cluster, {@code loggos} unless given. All its nodes must have the same. */
    public NodeBuilder clusterId(String name) {
        clusterId = name;
        return this;
    }

    /** This node's number, 1 to 65,535. Required. */
    public NodeBuilder id(int number) {
        id = checked(() -> NodeId.of(number));
        return this;
    }

    /** Where this node listens for its peers, {@code host:port}. Required. */
    public NodeBuilder listen(String address) {
        listen = checked(() -> Address.parse(address));
        return this;
    }

    /** Another node of the cluster and where it listens, {@code host:port}. */
    public NodeBuilder peer(int number, String address) {
        NodeId peer = checked(() -> NodeId.of(number));
        Address at = checked(() -> Address.parse(address));
        if (peer != null && at != null && peers.put(peer, at) != null) {
            problems.add("peer " + number + " is given twice");
        }
        return this;
    }

    /** The directory of this node alone. Required; made if it does not exist. */
    public NodeBuilder dataDirectory(Path directory) {
        dataDirectory = directory;
        return this;
    }

    /** How fast failures are noticed. */
    public NodeBuilder timing(TimingOptions options) {
        timing = options;
        return this;
    }

    /** Limits of the links. */
    public NodeBuilder transport(TransportOptions options) {
        transport = options;
        return this;
    }

    /** How the log uses the disk. */
    public NodeBuilder storage(StorageOptions options) {
        storage = options;
        return this;
    }

    /** Where measurements go; {@code MicrometerMeters.of(registry)} of {@code loggos-paxos} is one. */
    public NodeBuilder meters(Meters target) {
        meters = target;
        return this;
    }

    /**
     * Opens the data directory, listens, and starts to look for the peers. Returns without waiting for them.
     *
     * @throws InvalidOptionsException naming everything that is wrong
     * @throws StorageException if the data directory cannot be used
     * @throws TransportException if the address cannot be listened on
     */
    public Node open() {
        NodeOptions options = build();
        return ServiceLoader.load(NodeProvider.class, NodeProvider.class.getClassLoader())
                .findFirst()
                .orElseThrow(() ->
                        new IllegalStateException("no implementation of Loggos on the class path: add loggos-paxos"))
                .open(options, meters);
    }

    /** The options, checked. */
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
