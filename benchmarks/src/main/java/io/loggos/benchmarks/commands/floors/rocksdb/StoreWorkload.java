package io.loggos.benchmarks.commands.floors.rocksdb;

import io.loggos.benchmarks.harness.workload.Commands;
import io.loggos.benchmarks.harness.workload.Latencies;
import io.loggos.benchmarks.harness.workload.Measurement;
import io.loggos.benchmarks.harness.workload.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/**
 * Synced writes of batches of records into one or more stores. Each store has a thread and a pace of its own. The
 * latency of a record is that of its batch.
 */
public final class StoreWorkload implements Workload {
    private final int recordsPerWrite;
    private final Measurement measurement;
    private final List<SyncedStore> stores = new ArrayList<>();
    private final List<Commands> records = new ArrayList<>();
    private final List<Latencies> latencies = new ArrayList<>();

    public StoreWorkload(Path directory, int storeCount, int recordsPerWrite, int payloadBytes, Measurement measurement)
            throws IOException, RocksDBException {
        this.recordsPerWrite = recordsPerWrite;
        this.measurement = measurement;
        for (int i = 0; i < storeCount; i++) {
            stores.add(new SyncedStore(Files.createDirectories(directory.resolve("store-" + (i + 1)))));
            records.add(new Commands(payloadBytes));
            latencies.add(measurement.newLatencies());
        }
    }

    @Override
    public void begin() {}

    @Override
    public void step() {
        write(0);
    }

    /** Writes one batch into one of the stores; each store has one thread. */
    public void write(int store) {
        long started = System.nanoTime();
        try {
            stores.get(store).write(records.get(store), recordsPerWrite);
            latencies.get(store).completed(System.nanoTime() - started, recordsPerWrite);
        } catch (RocksDBException e) {
            measurement.failed(e);
        }
    }

    @Override
    public void end() {}

    @Override
    public @Nullable Boolean verify() {
        return null;
    }

    @Override
    public void close() {
        stores.forEach(SyncedStore::close);
    }
}
