package io.loggos.api.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.loggos.api.Address;
import io.loggos.api.InvalidOptionsException;
import io.loggos.api.NodeId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class NodeBuilderTest {
    private static final Path DATA = Path.of("data");

    private static NodeBuilder small() {
        return Node.builder().id(1).listen("localhost:0").dataDirectory(DATA);
    }

    @Test
    void onlyIdAddressAndDirectoryAreRequired() {
        NodeOptions options = small().build();
        assertEquals("loggos", options.clusterId());
        assertEquals(NodeId.of(1), options.id());
        assertEquals(new Address("localhost", 0), options.listen());
        assertEquals(Map.of(), options.peers());
        assertEquals(DATA, options.dataDirectory());
        assertEquals(TimingOptions.defaults(), options.timing());
        assertEquals(TransportOptions.defaults(), options.transport());
        assertEquals(StorageOptions.defaults(), options.storage());
        assertProblems(Node.builder(), "id is required", "listen is required", "dataDirectory is required");
    }

    @Test
    void unreadableMissingAndContradictoryOptionsAreReportedAtOnce() {
        assertProblems(
                Node.builder()
                        .clusterId(" ")
                        .id(0)
                        .peer(2, "localhost:0")
                        .peer(3, "localhost:0")
                        .peer(3, "localhost:0")
                        .peer(4, "localhost")
                        .peer(65_536, "localhost:1"),
                "a node id is 1 to 65535, not 0",
                "peer 3 is given twice",
                "not host:port: \"localhost\"",
                "a node id is 1 to 65535, not 65536",
                "listen is required",
                "dataDirectory is required",
                "clusterId has 1 to 128 characters that are not all blank",
                "the address of a peer needs a port",
                "two peers have the same address");
        assertProblems(
                small().clusterId("x".repeat(129)).peer(1, "localhost:1"),
                "clusterId has 1 to 128 characters that are not all blank",
                "peer 1 is this node itself");
    }

    @Test
    void aClusterHasAtMost31Nodes() {
        TreeMap<NodeId, Address> peers = new TreeMap<>();
        for (int i = 2; i <= NodeOptions.MAX_NODES; i++) {
            peers.put(NodeId.of(i), new Address("localhost", i));
        }
        NodeOptions most = small().peers(peers).build();
        assertEquals(31, most.members().size());
        assertEquals(most.listen(), most.members().get(most.id()));
        assertProblems(most.toBuilder().peer(32, "localhost:32"), "a cluster has at most 31 nodes");
    }

    @Test
    void optionsDoNotChangeWithTheirBuilder() {
        NodeBuilder builder = small().peer(2, "localhost:2");
        NodeOptions options = builder.build();
        builder.id(3).peer(4, "localhost:4").timing(TimingOptions.ofElectionTimeout(Duration.ofSeconds(2)));
        assertEquals(NodeId.of(1), options.id());
        assertEquals(Map.of(NodeId.of(2), new Address("localhost", 2)), options.peers());
        assertEquals(TimingOptions.defaults(), options.timing());
    }

    @Test
    void optionsKeepEverythingInABuilder() {
        NodeOptions options = small().clusterId("shop")
                .listen(new Address("::1", 7001))
                .peer(2, "localhost:2")
                .peer(3, "[::1]:3")
                .timing(TimingOptions.ofElectionTimeout(Duration.ofSeconds(2)))
                .transport(TransportOptions.builder().bufferBytes(32 << 20).build())
                .storage(StorageOptions.builder().memtableBytes(1 << 20).build())
                .build();
        assertEquals(options, options.toBuilder().build());
        Map<NodeId, Address> others = Map.of(NodeId.of(4), new Address("localhost", 4));
        NodeOptions moved = options.toBuilder().id(NodeId.of(5)).peers(others).build();
        assertEquals(others, moved.peers());
        assertEquals("shop", moved.clusterId());
    }

    private static void assertProblems(NodeBuilder builder, String... problems) {
        InvalidOptionsException invalid = assertThrows(InvalidOptionsException.class, builder::build);
        assertEquals(List.of(problems), invalid.problems());
    }
}
