package io.loggos.examples.server.monitor;

import io.loggos.api.kv.KeyValueStore;
import io.loggos.api.spi.Meters;
import io.loggos.paxos.MicrometerMeters;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.DiskSpaceMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Path;

/** All measurements of a server: those of its node, of the JVM, and of the disk under its data. */
public final class Measurements implements AutoCloseable {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics collections = new JvmGcMetrics();

    /**
     * Begins to measure the JVM and the disk.
     *
     * @param data the directory of the member; need not exist yet
     * @param version version of this server
     */
    public Measurements(Path data, String version) {
        collections.bindTo(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        new DiskSpaceMetrics(data.toFile()).bindTo(registry);
        Gauge.builder("loggos.build.info", () -> 1)
                .description("1; the tags name the version of Loggos and of Java.")
                .tags("version", version, "java", Runtime.version().toString())
                .strongReference(true)
                .register(registry);
    }

    /** Returns the receiver of the node's measurements. */
    public Meters meters() {
        return MicrometerMeters.of(registry);
    }

    /** Measures a store under the names of etcd too. */
    public void etcd(KeyValueStore store, String protocolVersion) {
        EtcdMeters.bind(registry, store, protocolVersion);
    }

    /** Returns all measurements in the text format of Prometheus. Any thread. */
    public String text() {
        return registry.scrape();
    }

    @Override
    public void close() {
        collections.close();
        registry.close();
    }
}
