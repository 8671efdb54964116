package io.loggos.benchmarks.commands.snapshot;

import io.loggos.api.Bytes;
import io.loggos.api.kv.KeyValueStore;
import io.loggos.benchmarks.harness.workload.Commands;
import io.loggos.benchmarks.harness.workload.Operation;
import io.loggos.benchmarks.harness.workload.Work;
import java.util.Locale;

/** Puts values under a fixed number of keys in turn, at the node that leads. */
final class PutWork implements Work {
    private final KeyValueCluster cluster;
    private final Bytes[] keys;
    private final Commands values;
    private KeyValueStore store;
    private int next;

    PutWork(KeyValueCluster cluster, String prefix, int keyCount, int valueBytes) {
        this.cluster = cluster;
        this.store = cluster.leader();
        this.values = new Commands(valueBytes);
        this.keys = new Bytes[keyCount];
        for (int i = 0; i < keyCount; i++) {
            keys[i] = Bytes.utf8(String.format(Locale.ROOT, "%s/%08d", prefix, i));
        }
    }

    @Override
    public void begin() {
        store = cluster.leader();
    }

    @Override
    public void start(Operation operation) {
        operation.endsWith(store.put(keys[next], Bytes.wrap(values.next())));
        next = next + 1 == keys.length ? 0 : next + 1;
    }
}
