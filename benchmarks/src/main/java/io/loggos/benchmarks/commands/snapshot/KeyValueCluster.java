package io.loggos.benchmarks.commands.snapshot;

import io.loggos.api.Bytes;
import io.loggos.api.kv.KeyValue;
import io.loggos.api.kv.KeyValueStore;
import io.loggos.api.kv.Operation;
import io.loggos.api.kv.Outcome;
import io.loggos.api.kv.keys.KeyRange;
import io.loggos.api.node.Node;
import io.loggos.api.replica.Consistency;
import io.loggos.api.replica.Role;
import io.loggos.api.snapshot.GlobalSnapshot;
import io.loggos.benchmarks.harness.process.Await;
import io.loggos.benchmarks.systems.consensus.Settlement;
import io.loggos.benchmarks.systems.loggos.LoggosNodes;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32C;

/** Three nodes in this JVM with a replicated key-value store. For one thread. */
final class KeyValueCluster implements AutoCloseable {
    private static final String NAME = "bench";
    private static final int PAGE_KEYS = 256;

    private final List<Node> nodes;
    private final List<KeyValueStore> stores = new ArrayList<>();

    /** Contents of a replica. */
    private record Contents(long revision, long keys, long hash) {}

    /** Opens the nodes below an empty directory, and returns once all see all and there is a leader. */
    KeyValueCluster(Path directory) {
        nodes = LoggosNodes.open(directory, UnaryOperator.identity());
        try {
            nodes.forEach(node -> stores.add(node.keyValueStore(NAME)));
            leader();
            Await.present(
                    "view of all nodes",
                    () -> nodes.stream().allMatch(node -> node.view().members().size() == nodes.size()) ? nodes : null);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Returns a function for each node that takes a snapshot there. */
    List<Supplier<CompletableFuture<GlobalSnapshot>>> snapshots() {
        return nodes.stream()
                .<Supplier<CompletableFuture<GlobalSnapshot>>>map(node -> node::snapshot)
                .toList();
    }

    /** Returns the store at the node that leads. */
    KeyValueStore leader() {
        return Await.present(
                "leader",
                () -> stores.stream()
                        .filter(store -> store.replica().status().role() == Role.LEADER)
                        .findFirst()
                        .orElse(null));
    }

    /** Returns the approximate size of the smallest replica on disk. */
    long stateBytes() {
        return stores.stream().mapToLong(KeyValueStore::sizeBytes).min().orElseThrow();
    }

    /** Compacts away all revisions but the present one. Their space is freed together with the puts that follow. */
    void compact() {
        KeyValueStore leader = leader();
        CompletableFuture<?> unused = leader.compact(new Operation.Compact(leader.revision()))
                .whenComplete((done, failure) -> {
                    if (failure != null) {
                        System.err.println("a compaction failed: " + failure);
                    }
                });
    }

    /**
     * Tells if all replicas hold the same, once all have applied as much. Reads everything.
     *
     * @param puts number of puts that have succeeded
     * @param exactly true if there may have been no more
     */
    boolean agree(long puts, boolean exactly) {
        List<Supplier<Long>> revisions = new ArrayList<>();
        stores.forEach(store -> revisions.add(store::revision));
        List<Long> unused = Settlement.await(revisions, revision -> revision);
        List<Contents> contents = stores.stream().map(KeyValueCluster::contents).toList();
        // The empty store has revision 1, and each put raises it by one.
        long applied = contents.get(0).revision() - 1;
        return contents.stream().distinct().count() == 1 && (exactly ? applied == puts : applied >= puts);
    }

    @Override
    public void close() {
        nodes.forEach(Node::close);
    }

    private static Contents contents(KeyValueStore store) {
        CRC32C crc = new CRC32C();
        ByteBuffer number = ByteBuffer.allocate(Long.BYTES);
        long keys = 0;
        KeyRange rest = KeyRange.all();
        while (true) {
            Operation.Range range = Operation.Range.of(rest).limitedTo(PAGE_KEYS);
            Outcome.Range page = store.range(Consistency.LOCAL, range).join().value();
            for (KeyValue each : page.keyValues()) {
                update(crc, each.key());
                crc.update(number.clear().putLong(each.modRevision()).flip());
                update(crc, each.value());
                keys++;
                rest = KeyRange.from(after(each.key()));
            }
            if (!page.more()) {
                return new Contents(page.revision(), keys, crc.getValue());
            }
        }
    }

    private static Bytes after(Bytes key) {
        return Bytes.wrap(Arrays.copyOf(key.toByteArray(), key.size() + 1));
    }

    private static void update(CRC32C crc, Bytes bytes) {
        crc.update(bytes.backingArray(), bytes.backingOffset(), bytes.size());
    }
}
