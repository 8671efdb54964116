package io.loggos.examples.cli.client;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.loggos.examples.etcd.proto.KVGrpc;
import io.loggos.examples.etcd.proto.KeyValue;
import io.loggos.examples.etcd.proto.PutRequest;
import io.loggos.examples.etcd.proto.RangeRequest;
import io.loggos.examples.etcd.proto.RangeResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/** Writes without a pause from a few threads, and records the acknowledged writes. */
public final class LoadClient implements AutoCloseable {
    private static final int THREADS = 4;
    private static final long ATTEMPT_MILLIS = 1_000;

    private final List<ManagedChannel> channels = new ArrayList<>();
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    private final Queue<String> acknowledged = new ConcurrentLinkedQueue<>();
    private final Queue<String> begun = new ConcurrentLinkedQueue<>();
    private volatile boolean stopped;

    /** Creates a client of a cluster with so many nodes; it closes the channels that it is given. */
    public LoadClient(int nodes, IntFunction<ManagedChannel> channelTo) {
        for (int id = 1; id <= nodes; id++) {
            channels.add(channelTo.apply(id));
        }
    }

    /** Starts to write keys with this prefix. */
    public LoadClient begin(String prefix) {
        for (int thread = 0; thread < THREADS; thread++) {
            String name = prefix + thread + "/";
            threads.execute(() -> {
                for (int i = 0; !stopped; i++) {
                    writeUntilAcknowledged(name + i);
                }
            });
        }
        return this;
    }

    /** Writes a key to one server after the other until one acknowledges it. */
    public void writeUntilAcknowledged(String key) {
        begun.add(key);
        for (int attempt = 0; !stopped; attempt++) {
            if (write(channels.get((key.hashCode() + attempt & 0xFF) % channels.size()), key)) {
                return;
            }
        }
    }

    /** Returns the keys acknowledged up to now. */
    public Set<String> acknowledged() {
        return new TreeSet<>(acknowledged);
    }

    /** Returns the keys that may be in the store up to now: all that were begun. */
    public Set<String> begun() {
        return new TreeSet<>(begun);
    }

    /** Returns the number of acknowledged writes. */
    public int count() {
        return acknowledged.size();
    }

    /** Stops writing and returns the acknowledged keys. */
    public Set<String> stop() throws InterruptedException {
        stopped = true;
        threads.shutdown();
        if (!threads.awaitTermination(30, TimeUnit.SECONDS)) {
            throw new AssertionError("a write neither succeeds nor fails");
        }
        return new TreeSet<>(acknowledged);
    }

    @Override
    public void close() {
        stopped = true;
        threads.shutdownNow();
        channels.forEach(ManagedChannel::shutdownNow);
    }

    private boolean write(ManagedChannel channel, String key) {
        PutRequest put = PutRequest.newBuilder()
                .setKey(ByteString.copyFromUtf8(key))
                .setValue(ByteString.copyFromUtf8("value of " + key))
                .build();
        try {
            KVGrpc.newBlockingStub(channel)
                    .withWaitForReady()
                    .withDeadlineAfter(ATTEMPT_MILLIS, TimeUnit.MILLISECONDS)
                    .put(put);
            acknowledged.add(key);
            return true;
        } catch (StatusRuntimeException notAcknowledged) {
            return false;
        }
    }

    /** Returns the whole content of a server, by a linearizable read or from its own copy. */
    public static Map<String, String> readAll(ManagedChannel channel, boolean own) {
        ByteString zero = ByteString.copyFrom(new byte[1]);
        Map<String, String> all = new HashMap<>();
        ByteString from = zero;
        RangeResponse page;
        do {
            page = KVGrpc.newBlockingStub(channel)
                    .withWaitForReady()
                    .withDeadlineAfter(20, TimeUnit.SECONDS)
                    .range(RangeRequest.newBuilder()
                            .setKey(from)
                            .setRangeEnd(zero)
                            .setLimit(5_000)
                            .setSerializable(own)
                            .build());
            for (KeyValue kv : page.getKvsList()) {
                all.put(kv.getKey().toStringUtf8(), kv.getValue().toStringUtf8());
                from = kv.getKey().concat(zero);
            }
        } while (page.getMore());
        return all;
    }
}
