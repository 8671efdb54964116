package io.loggos.examples.server.monitor;

import io.loggos.api.kv.KeyValueStore;
import io.loggos.api.replica.ReplicaStatus;
import io.loggos.api.replica.Role;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToDoubleFunction;

/** Measurements under the names of etcd, where its dashboards and alerts look for them. Each is read when asked for. */
final class EtcdMeters {
    private EtcdMeters() {}

    static void bind(MeterRegistry registry, KeyValueStore store, String protocolVersion) {
        gauge(
                registry,
                store,
                "etcd.server.has.leader",
                "1 if a leader is known.",
                each -> status(each).leader() == null ? 0 : 1);
        gauge(
                registry,
                store,
                "etcd.server.is.leader",
                "1 if this member leads.",
                each -> status(each).role() == Role.LEADER ? 1 : 0);
        counter(
                registry,
                store,
                "etcd.server.leader.changes.seen",
                "The round of the ballot, which each change of the leader raises.",
                each -> status(each).ballot().round());
        counter(
                registry,
                store,
                "etcd.server.proposals.committed",
                "The last slot known to be chosen.",
                each -> status(each).chosenSlot().value());
        counter(
                registry,
                store,
                "etcd.server.proposals.applied",
                "The last slot applied.",
                each -> status(each).appliedSlot().value());
        for (String name :
                new String[] {"etcd.mvcc.db.total.size.in.bytes", "etcd.mvcc.db.total.size.in.use.in.bytes"}) {
            gauge(registry, store, name, "The approximate size of the store.", KeyValueStore::sizeBytes);
        }
        gauge(
                registry,
                store,
                "etcd.debugging.mvcc.current.revision",
                "The revision of the store.",
                KeyValueStore::revision);
        Gauge.builder("etcd.server.version", () -> 1)
                .description("1; the tag names the version of etcd whose protocol is served.")
                .tags("server_version", protocolVersion)
                .strongReference(true)
                .register(registry);
    }

    private static ReplicaStatus status(KeyValueStore store) {
        return store.replica().status();
    }

    private static void gauge(
            MeterRegistry registry,
            KeyValueStore store,
            String name,
            String text,
            ToDoubleFunction<KeyValueStore> value) {
        Gauge.builder(name, store, value)
                .description(text)
                .strongReference(true)
                .register(registry);
    }

    private static void counter(
            MeterRegistry registry,
            KeyValueStore store,
            String name,
            String text,
            ToDoubleFunction<KeyValueStore> value) {
        FunctionCounter.builder(name, store, value).description(text).register(registry);
    }
}
