package io.loggos.benchmarks.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** What is measured. */
public enum Subject {
    /** Commands through {@code Replica.propose} at the leader of three nodes. */
    COMMIT("Loggos commit", "loggos", "each command synced on a majority of three stores"),
    /** The floor: the same bytes into one store, each batch with one sync. */
    ONE_STORE("RocksDB synced write", "rocksdb", "each batch synced in one store"),
    /** The floor: the same bytes into three stores on one disk, each at its own pace. */
    THREE_STORES("RocksDB, three stores", "rocksdb", "each batch synced in each of three stores"),
    /** The floor: a unary call that carries the payload, and an empty answer. */
    ROUND_TRIP("gRPC round trip", "grpc", "none"),
    /** The floor: messages of the payload on one stream, with cumulative acknowledgements. */
    STREAM("gRPC streaming", "grpc", "none"),
    /** Linearizable reads at the leader. */
    LEADER_READ("Loggos read, leader", "loggos", "reads write nothing"),
    /** Linearizable reads at a follower. */
    FOLLOWER_READ("Loggos read, follower", "loggos", "reads write nothing");

    private final String label;
    private final String component;
    private final String durability;

    Subject(String label, String component, String durability) {
        this.label = label;
        this.component = component;
        this.durability = durability;
    }

    /** Its name in tables. */
    public String label() {
        return label;
    }

    /** What has become durable when an operation is over. */
    public String durability() {
        return durability;
    }

    /** Whether it is one of the floors under the commit path. */
    public boolean isFloor() {
        return switch (this) {
            case ONE_STORE, THREE_STORES, ROUND_TRIP, STREAM -> true;
            case COMMIT, LEADER_READ, FOLLOWER_READ -> false;
        };
    }

    /** The component and its version, as this build has it. */
    public String version() {
        Properties versions = new Properties();
        try (InputStream in = Subject.class.getResourceAsStream("versions.properties")) {
            versions.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return component + " " + versions.getProperty(component);
    }
}
