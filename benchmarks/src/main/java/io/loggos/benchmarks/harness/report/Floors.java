package io.loggos.benchmarks.harness.report;

import io.loggos.benchmarks.harness.machine.Versions;
import java.util.List;

/** Floors under the commit path: the cost of the same bytes on the disk and on the wire alone. */
public final class Floors {
    /** The same bytes into one store, each batch with one sync. */
    public static final Subject ONE_STORE =
            Subject.floor("rocksdb-one-store", "RocksDB, one store", rocksDb(), "each batch synced in one store");
    /** The same bytes into three stores on one disk, each at its own pace. */
    public static final Subject THREE_STORES = Subject.floor(
            "rocksdb-three-stores", "RocksDB, three stores", rocksDb(), "each batch synced in each of three stores");
    /** A unary call with the payload, and an empty answer. */
    public static final Subject ROUND_TRIP = Subject.floor("grpc-round-trip", "gRPC round trip", grpc(), "none");
    /** Messages of the payload on one stream, with cumulative acknowledgements. */
    public static final Subject STREAM = Subject.floor("grpc-streaming", "gRPC streaming", grpc(), "none");

    /** All floors. */
    public static final List<Subject> ALL = List.of(ONE_STORE, THREE_STORES, ROUND_TRIP, STREAM);

    private Floors() {}

    private static String rocksDb() {
        return "rocksdb " + Versions.of("rocksdb");
    }

    private static String grpc() {
        return "grpc " + Versions.of("grpc");
    }
}
